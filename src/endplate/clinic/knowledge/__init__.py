"""Knowledge of the clinic as data: claims, codes, symptoms, words, references and the rows they embody."""
