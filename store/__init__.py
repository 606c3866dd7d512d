"""The truth: tables, migrations, and one module per noun. Imports nothing of ours."""
