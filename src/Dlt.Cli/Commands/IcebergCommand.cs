using System.Collections.Immutable;
using System.CommandLine.Help;
using System.CommandLine;
using System.Globalization;
using Dlt.Cli.Help;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Cli.Commands;

/// <summary><c>dlt iceberg show|snapshots|history|files|rows TABLE</c>: inspects Iceberg tables.</summary>
internal static class IcebergCommand
{
    private const int MaxCellChars = 400;   // locations must be complete to be copied

    public static Command Create()
    {
        var command = new Command("iceberg", "Inspect Iceberg tables.")
        {
            Create("show", "Columns, partitions, properties, branches and tags.", (table, _, _) => Show(table)),
            Create("snapshots", "All snapshots, oldest first.", (table, _, _) => Snapshots(table)),
            Create("history", "When each snapshot became the current one.", (table, _, _) => History(table)),
            Create("files", "Data files that a scan reads, with their deletes.", Files),
            Create("rows", "The rows.", Rows),
        };
        command.SetAction(parse => new HelpAction().Invoke(parse));
        return command;
    }

    private static Command Create(
        string name, string description, Func<IcebergTable, TableScan, CancellationToken, IAsyncEnumerable<JsonValue>> lines)
    {
        var table = new Argument<string>("table")
        { Description = "dataset.table, or the location of a metadata file: s3://…/x.metadata.json." };
        var snapshot = TypedOption.Number("--snapshot", "The snapshot with this id.");
        var asOf = TypedOption.Time("--as-of", "The snapshot that was current at this time, such as 2024-05-06T07:08:09Z.");
        var reference = new Option<string?>("--ref") { Description = "The branch or tag with this name." };
        var where = new Option<string?>("--where")
        { Description = "Only rows that match, or files that may contain such rows: \"country = 'de' and price > 10\"." };
        var output = new Option<string>("--output", "-o")
        { Description = "table (aligned), json (one object per line) or csv (with a header).", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("table", "json", "csv");
        var local = SharedOptions.Local();
        var destination = SharedOptions.Destination();
        var command = new Command(name, description) { table, output, destination, local };
        if (name is "files" or "rows")
            foreach (var option in new Option[] { snapshot, asOf, reference, where }) command.Options.Add(option);
        command.SetAction((parse, cancellationToken) => SharedOptions.RunAsync(parse, async stop =>
        {
            bool[] given = [parse.GetValue(snapshot) is not null, parse.GetValue(asOf) is not null, parse.GetValue(reference) is not null];
            if (given.Count(isGiven => isGiven) > 1)
                throw new DltException("--snapshot, --as-of and --ref each name a snapshot. Nothing was read. Give only one of them.");
            var configuration = DltConfiguration.Load();
            var account = parse.GetValue(local) ? SharedOptions.ExistingLocal(configuration) : null;
            var opened = await Athena.OpenIcebergTableAsync(
                parse.GetValue(table)!, account, configuration, parse.GetValue(destination), cancellationToken: stop);
            var scan = opened.Scan();
            if (parse.GetValue(snapshot) is { } id) scan = scan.UseSnapshot(id);
            if (parse.GetValue(asOf) is { } time) scan = scan.AsOf(time);
            if (parse.GetValue(reference) is { } branch) scan = scan.UseRef(branch);
            if (parse.GetValue(where) is { } filter) scan = scan.Where(Parse(filter));
            try
            {
                await PrintAsync(lines(opened, scan, stop), parse.GetValue(output)!, Console.Out, stop);
            }
            catch (ArgumentException error)
            {
                throw new DltException(error.Message, error);   // an unknown column, or a value of another type
            }
        }));
        return command;
    }

    private static Filter Parse(string filter)
    {
        try
        {
            return Filter.Parse(filter);
        }
        catch (FormatException error)
        {
            throw new DltException(error.Message, error);
        }
    }

    private static async IAsyncEnumerable<JsonValue> Show(IcebergTable table)
    {
        await Task.CompletedTask;
        var metadata = table.Metadata;
        JsonValue Line(string what, string value) => JsonValue.Object(("what", JsonValue.String(what)), ("value", JsonValue.String(value)));
        yield return Line("table", table.Name);
        yield return Line("metadata", table.MetadataLocation);
        yield return Line("location", metadata.Location);
        yield return Line("format version", metadata.FormatVersion.ToString(CultureInfo.InvariantCulture));
        yield return Line("uuid", metadata.TableUuid ?? "");
        yield return Line("snapshot", metadata.CurrentSnapshot is { } current ? $"{current.SnapshotId} of {current.Timestamp:O}" : "none");
        foreach (var field in metadata.CurrentSchema.Fields)
        {
            var required = field.IsRequired ? " required" : "";
            var doc = field.Doc is { } text ? $" -- {text}" : "";
            yield return Line($"column {field.Id}", $"{field.Name} {GlueTypes.Of(field.Type)}{required}{doc}");
        }

        foreach (var field in metadata.DefaultSpec.Fields)
            yield return Line($"partition {field.FieldId}", $"{field.Name} = {field.Transform} of "
                + $"{metadata.CurrentSchema.NameOf(field.SourceId)}");
        foreach (var (name, reference) in metadata.Refs)
            yield return Line(reference.IsBranch ? "branch" : "tag", $"{name} = {reference.SnapshotId}");
        foreach (var (name, value) in metadata.Properties) yield return Line("property", $"{name} = {value}");
    }

    private static async IAsyncEnumerable<JsonValue> Snapshots(IcebergTable table)
    {
        await Task.CompletedTask;
        foreach (var snapshot in table.Metadata.Snapshots)
        {
            JsonValue Count(string key) =>
                snapshot.Summary.TryGetValue(key, out var text) && long.TryParse(text, out var count)
                ? JsonValue.Integer(count)
                : JsonValue.Null;
            yield return JsonValue.Object(
                ("snapshot_id", JsonValue.Integer(snapshot.SnapshotId)),
                ("parent_id", snapshot.ParentSnapshotId is { } parent ? JsonValue.Integer(parent) : JsonValue.Null),
                ("committed_at", JsonValue.String(snapshot.Timestamp.ToString("O", CultureInfo.InvariantCulture))),
                ("operation", JsonValue.String(snapshot.Operation)),
                ("added_records", Count("added-records")),
                ("deleted_records", Count("deleted-records")),
                ("total_records", Count("total-records")),
                ("total_data_files", Count("total-data-files")),
                ("load_id", JsonValue.String(snapshot.Summary.GetValueOrDefault("dlt.load-id"))));
        }
    }

    private static async IAsyncEnumerable<JsonValue> History(IcebergTable table)
    {
        await Task.CompletedTask;
        var ancestors = table.Metadata.AncestorsOf(table.Metadata.CurrentSnapshot).Select(s => s.SnapshotId).ToHashSet();
        foreach (var (timestamp, id) in table.Metadata.SnapshotLog)
        {
            var time = DateTimeOffset.FromUnixTimeMilliseconds(timestamp).ToString("O", CultureInfo.InvariantCulture);
            yield return JsonValue.Object(
                ("made_current_at", JsonValue.String(time)),
                ("snapshot_id", JsonValue.Integer(id)),
                ("is_current_ancestor", JsonValue.Bool(ancestors.Contains(id))),
                ("is_kept", JsonValue.Bool(table.Metadata.Find(id) is not null)));
        }
    }

    private static async IAsyncEnumerable<JsonValue> Files(
        IcebergTable table, TableScan scan, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var task in scan.PlanFilesAsync(cancellationToken))
        {
            var spec = table.Metadata.SpecOf(task.File.SpecId);
            var hasPartition = spec is not null && task.File.Partition.Length == spec.Fields.Length;
            var partition = hasPartition ? spec!.PathOf(table.Metadata.CurrentSchema, task.File.Partition) : "";
            yield return JsonValue.Object(
                ("file_path", JsonValue.String(task.File.FilePath)),
                ("format", JsonValue.String(task.File.FileFormat)),
                ("partition", JsonValue.String(partition)),
                ("records", JsonValue.Integer(task.File.RecordCount)),
                ("bytes", JsonValue.Integer(task.File.FileSizeInBytes)),
                ("sequence_number", JsonValue.Integer(task.SequenceNumber)),
                ("deletes", JsonValue.Array([.. task.Deletes.Select(d => JsonValue.String(d.FilePath))])));
        }
    }

    private static async IAsyncEnumerable<JsonValue> Rows(
        IcebergTable table, TableScan scan, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in scan.ReadRowsAsync(cancellationToken)) yield return ValueJson.Of(scan.Schema.Struct, row);
    }

    /// <summary>Prints lines. JSON and CSV are printed at once; a table is printed at the end, because it is aligned.</summary>
    private static async Task PrintAsync(
        IAsyncEnumerable<JsonValue> lines, string form, TextWriter output, CancellationToken cancellationToken)
    {
        var all = new List<JsonValue>();
        var isFirst = true;
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            if (form == "table")
            {
                all.Add(line);
                continue;
            }

            if (form == "csv" && isFirst) await output.WriteLineAsync(RowPrinter.Csv(line.Members.Select(m => m.Key)));
            isFirst = false;
            await output.WriteLineAsync(form == "csv" ? RowPrinter.Csv(line.Members.Select(m => Text(m.Value))) : JsonText.Write(line));
        }

        if (form != "table") return;
        if (all.Count == 0)
        {
            await output.WriteLineAsync("(nothing)");
            return;
        }

        bool IsNumber(string name) => all.All(l => l[name] is { Kind: JsonKind.Integer or JsonKind.Null });
        var columns = all[0].Members.Select(m => new AthenaColumn(m.Key, IsNumber(m.Key) ? "bigint" : "varchar"));
        var rows = all.Select(l => l.Members.Select(m => Text(m.Value)).ToImmutableArray());
        await output.WriteLineAsync(new QueryTable([.. columns], [.. rows]).ToString(MaxCellChars));
    }

    private static string? Text(JsonValue value) =>
        value.Kind switch { JsonKind.Null => null, JsonKind.String => value.AsString(), _ => JsonText.Write(value) };
}
