using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using Dlt.Cli.Help;
using Dlt.Configuration;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Cli.Commands;

/// <summary><c>dlt iceberg show|snapshots|files|rows|history TABLE</c>: looks into Iceberg tables.</summary>
internal static class IcebergCommand
{
    private const int MaxCellChars = 400;   // locations are there to be copied

    public static Command Create()
    {
        var command = new Command("iceberg", "Look into Iceberg tables.")
        {
            Create("show", "Columns, partitions, properties, branches and tags.", (table, _, _) => Show(table)),
            Create("snapshots", "All snapshots, oldest first.", (table, _, _) => Snapshots(table)),
            Create("history", "When which snapshot became the table's.", (table, _, _) => History(table)),
            Create("files", "Data files that a scan reads, with their deletes.", Files),
            Create("rows", "The rows.", Rows),
        };
        command.SetAction(parse => new HelpAction().Invoke(parse));
        return command;
    }

    private static Command Create(
        string name, string description, Func<IcebergTable, TableScan, CancellationToken, IAsyncEnumerable<JsonValue>> lines)
    {
        var table = new Argument<string>("table") { Description = "database.table, or the location of a metadata file: "
            + "s3://…/x.metadata.json." };
        var snapshot = TypedOption.Number("--snapshot", "The snapshot of that id.");
        var asOf = TypedOption.Time("--as-of", "The snapshot of that time, such as 2024-05-06T07:08:09Z.");
        var reference = new Option<string?>("--ref") { Description = "The branch or tag of that name." };
        var where = new Option<string?>("--where") { Description = "Only what may have, or has, rows such as these: \"country = 'de' "
            + "and price > 10\"." };
        var output = new Option<string>("--output", "-o")
        { Description = "table (aligned), json (one object a line) or csv (with a header).", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("table", "json", "csv");
        var local = SharedOptions.Local();
        var command = new Command(name, description) { table, output, local };
        if (name is "files" or "rows")
            foreach (var option in new Option[] { snapshot, asOf, reference, where }) command.Options.Add(option);
        command.SetAction((parse, cancellationToken) => SharedOptions.RunAsync(parse, async stop =>
        {
            if (new[] { parse.GetValue(snapshot) is not null, parse.GetValue(asOf) is not null,
                parse.GetValue(reference) is not null }.Count(given => given) > 1)
                throw new DltException("--snapshot, --as-of and --ref each name a snapshot; give one of them.");
            var configuration = DltConfiguration.Load();
            var account = parse.GetValue(local) ? SharedOptions.ExistingLocal(configuration) : null;
            var opened = await Athena.OpenIcebergTableAsync(parse.GetValue(table)!, account, configuration, stop);
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
                throw new DltException(error.Message, error);   // a column that is not there, or a value of another type
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
                ("operation", JsonValue.String(snapshot.Operation)), ("added_records", Count("added-records")),
                ("deleted_records", Count("deleted-records")), ("total_records", Count("total-records")),
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
            yield return JsonValue.Object(
                ("made_current_at", JsonValue.String(DateTimeOffset.FromUnixTimeMilliseconds(timestamp)
                    .ToString("O", CultureInfo.InvariantCulture))), ("snapshot_id", JsonValue.Integer(id)),
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
            yield return JsonValue.Object(
                ("file_path", JsonValue.String(task.File.FilePath)), ("format", JsonValue.String(task.File.FileFormat)),
                ("partition", JsonValue.String(spec is null || task.File.Partition.Length != spec.Fields.Length
                    ? ""
                    : spec.PathOf(table.Metadata.CurrentSchema, task.File.Partition))),
                ("records", JsonValue.Integer(task.File.RecordCount)), ("bytes", JsonValue.Integer(task.File.FileSizeInBytes)),
                ("sequence_number", JsonValue.Integer(task.SequenceNumber)),
                ("deletes", JsonValue.Array([.. task.Deletes.Select(d => JsonValue.String(d.FilePath))])));
        }
    }

    private static async IAsyncEnumerable<JsonValue> Rows(
        IcebergTable table, TableScan scan, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in scan.ReadRowsAsync(cancellationToken)) yield return ValueJson.Of(scan.Schema.Struct, row);
    }

    /// <summary>JSON and CSV go out as they come; a table is aligned when all lines are there.</summary>
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

        await output.WriteLineAsync(new QueryTable(
            [.. all[0].Members.Select(m =>
                new AthenaColumn(m.Key, all.All(l => l[m.Key] is { Kind: JsonKind.Integer or JsonKind.Null }) ? "bigint" : "varchar"))],
            [.. all.Select(l => l.Members.Select(m => Text(m.Value)).ToImmutableArray())]).ToString(MaxCellChars));
    }

    private static string? Text(JsonValue value) =>
        value.Kind switch { JsonKind.Null => null, JsonKind.String => value.AsString(), _ => JsonText.Write(value) };
}
