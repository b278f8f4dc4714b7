"""What a proficiency-testing round computes: from the file of reported results to scores, without database or clock."""
