from zhunsheng.faces.cli import main

main()
