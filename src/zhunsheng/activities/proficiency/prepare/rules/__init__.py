"""Reading of studies, their verdicts in figures and words, the gate before shipping, the draw of variants, seals; pure."""
