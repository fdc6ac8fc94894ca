"""What people see of the active zone: pictures, a film, tables and pages."""
