"""What a person opens first: today, own families, a dossier with its timeline. Gathers from every feature."""
