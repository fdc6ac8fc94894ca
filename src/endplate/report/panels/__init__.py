"""One module per panel: each turns a study into drawings and nothing else."""
