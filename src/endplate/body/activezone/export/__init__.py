"""The same case for other programs: MCell, Smoldyn, and ParaView through VTK."""

from endplate.body.activezone.export.mcell import mcell_files
from endplate.body.activezone.export.smoldyn import smoldyn_files
from endplate.body.activezone.export.vtk_files import vtk_files

__all__ = ["mcell_files", "smoldyn_files", "vtk_files"]
