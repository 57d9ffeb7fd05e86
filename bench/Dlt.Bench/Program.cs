using System.Globalization;
using Dlt.Bench;

const string Usage = """
    Dlt.Bench generate A|B|C|S|K ROWS FILE        write a generated file of newline-delimited JSON
    Dlt.Bench load [ROUNDS] [FOLDER] [FILES]      dlt load against DuckDB's COPY in turns; FILES is A,B,C,S,K or some of them
    Dlt.Bench encodings [ROUNDS] [FOLDER] [FILES] the tool with default and with delta encodings, and DuckDB's COPY, in turns
    Dlt.Bench iceberg                             appends and scan planning of Iceberg tables
    Dlt.Bench runs [CALLS]                        runs of 100 tables where each call takes 50 ms; CALLS prints when each call began
    Dlt.Bench rows [ROWS]                         objects, data reader, small pages from user code
    Dlt.Bench rest [ROWS]                         pages of a REST API
    Dlt.Bench partitions [ROUNDS] [ROWS] [FOLDER] loads into partitions, and DuckDB's COPY … PARTITION_BY, in turns
    Dlt.Bench merge [ROWS] [FOLDER]               merges into Iceberg tables, the large one of ROWS, and DuckDB's COPY of all rows
    Dlt.Bench merge-work WAY FOLDER TABLE FILE    what 'merge' runs
    Dlt.Bench merge-copy all|only FOLDER LIST     what 'merge' runs as its counterpart
    Dlt.Bench partition divided|plain|copy FILE FOLDER  what 'partitions' runs
    Dlt.Bench copy A|B|C|S|K FILE FOLDER THREADS  what 'load' runs as its counterpart
    """;

switch (args)
{
    case ["generate", var name, var rows, var file]:
        InputFile.Of(name).Write(file, long.Parse(rows, CultureInfo.InvariantCulture));
        return 0;
    case ["copy", var name, var file, var folder, var threads]:
        DuckCopy.Run(name, file, folder, int.Parse(threads, CultureInfo.InvariantCulture));
        return 0;
    case ["iceberg"]:
        await IcebergCommits.RunAsync();
        return 0;
    case ["runs", .. var calls]:
        await RunTimes.RunAsync(showsCalls: calls.Length > 0);
        return 0;
    case ["rows", .. var count]:
        UserRows.Run(count.Length > 0 ? int.Parse(count[0], CultureInfo.InvariantCulture) : 1_000_000);
        return 0;
    case ["rest", .. var count]:
        RestPages.Run(count.Length > 0 ? int.Parse(count[0], CultureInfo.InvariantCulture) : 200_000);
        return 0;
    case ["partitions", .. var rest]:
        PartitionedLoads.Run(
            rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 3,
            rest.Length > 1 ? int.Parse(rest[1], CultureInfo.InvariantCulture) : 1_000_000,
            rest.Length > 2 ? rest[2] : Path.Combine(Path.GetTempPath(), "dlt-bench"));
        return 0;
    case ["partition", var how, var file, var folder]:
        await PartitionedLoads.RunOneAsync(how, file, folder);
        return 0;
    case ["merge", .. var rest]:
        await MergeAgainstCopy.RunAsync(
            rest.Length > 0 ? long.Parse(rest[0], CultureInfo.InvariantCulture) : 50_000_000,
            rest.Length > 1 ? rest[1] : Path.Combine(Path.GetTempPath(), "dlt-bench-merge"));
        return 0;
    case ["merge-work", var way, var folder, var table, var file]:
        await MergeWork.RunAsync(way, folder, table, file);
        return 0;
    case ["merge-copy", var how, var folder, var list]:
        MergeAgainstCopy.Copy(how, folder, list);
        return 0;
    case ["load", .. var rest]:
        LoadAgainstCopy.Run(Rounds(rest), Folder(rest), Files(rest));
        return 0;
    case ["encodings", .. var rest]:
        EncodingsCompared.Run(Rounds(rest), Folder(rest), Files(rest));
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 1;
}

static int Rounds(string[] rest) => rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 5;

static string Folder(string[] rest) => rest.Length > 1 ? rest[1] : Path.Combine(Path.GetTempPath(), "dlt-bench");

static string Files(string[] rest) => rest.Length > 2 ? rest[2] : "A,B,C,S,K";
