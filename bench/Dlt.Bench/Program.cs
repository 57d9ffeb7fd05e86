using Dlt.Bench;

const string Usage = """
    Dlt.Bench generate A|B ROWS FILE     write a generated file of newline-delimited JSON
    Dlt.Bench load [ROUNDS] [FOLDER]     dlt load against DuckDB's COPY on files A and B (2,000,000 and 500,000 rows), in turns
    Dlt.Bench copy A|B FILE FOLDER       what 'load' runs as its counterpart
    """;

switch (args)
{
    case ["generate", "A", var rows, var file]:
        EventFiles.WriteFlat(file, long.Parse(rows));
        return 0;
    case ["generate", "B", var rows, var file]:
        EventFiles.WriteNested(file, long.Parse(rows));
        return 0;
    case ["copy", "A" or "B", var file, var folder]:
        DuckCopy.Run(args[1], file, folder);
        return 0;
    case ["load", .. var rest]:
        LoadAgainstCopy.Run(rest.Length > 0 ? int.Parse(rest[0]) : 5, rest.Length > 1 ? rest[1] : Path.Combine(Path.GetTempPath(), "dlt-bench"));
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 1;
}
