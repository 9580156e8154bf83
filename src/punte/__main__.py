from punte.cli import main

main(prog_name="punte")
