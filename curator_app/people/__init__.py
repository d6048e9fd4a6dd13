"""People, organisations, substitutes and phones: what an administrator and a head look after at the office."""
