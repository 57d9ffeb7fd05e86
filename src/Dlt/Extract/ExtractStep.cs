using System.Threading.Channels;
using Apache.Arrow;
using Dlt.Batches;
using Dlt.Batches.Decimals;
using Dlt.Hashing;
using Dlt.Json;
using Dlt.Destinations;
using Dlt.Naming;
using Dlt.Normalize.Contracts;
using Dlt.Normalize.Rows;
using Dlt.Packages;
using Dlt.Progress;
using Dlt.Retries;
using Dlt.Schemas;
using Dlt.Settings;
using Dlt.Sources.Http;
using Dlt.State;
using Dlt.Types;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Extract;

/// <summary>Runs the resources of a source into a package of extracted segments (spec/pipeline.md 1.5, 2.4).</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="destination">The dataset of the source's schema; null where nothing is asked of it.</param>
internal sealed class ExtractStep(PipelineContext pipeline, IDestinationClient? destination)
{
    private readonly Dictionary<string, long> _rows = new(StringComparer.Ordinal);
    private ExtractedSegments? _segments;
    private DeclaredTables? _tables;
    private CheckedNames? _names;
    private CurrentHints? _hints;
    private Source? _source;

    /// <summary>Extracts one source; nothing of the pipeline changes unless all of it succeeds.</summary>
    public async Task<ExtractInfo> RunAsync(Source source, CancellationToken cancellationToken)
    {
        var started = pipeline.Time.GetUtcNow();
        pipeline.Progress.Begin("Extract", source.Name);
        var folder = pipeline.Folder.NewExtractFolder();
        try
        {
            if (destination is not null) await new DeclaredCheck(pipeline, destination)
                .RunAsync(source, OpenSchema(source), cancellationToken).ConfigureAwait(false);
            var package = LoadPackage.Create(folder, pipeline.LoadIds.Next());
            pipeline.Folder.CopyForRestore(package);
            var schema = OpenSchema(source);
            _source = source;
            var state = new StateStore(pipeline.State);
            if (pipeline.Refresh is { } mode && pipeline.Folder.SchemaNames().Contains(source.Name))
            {
                package.SaveState(Refresh.Apply(mode, source, ref schema, state).AddTo(package.LoadState()));
                Declare(source, schema);
            }

            _segments = new ExtractedSegments(package, [.. source.Resources.Select(r => r.Name)]);
            _names = new CheckedNames(schema, pipeline.Capabilities, pipeline.KeepsRejects);
            _hints = new CurrentHints(schema);
            _tables = new DeclaredTables(source, schema, _hints, pipeline.Capabilities, pipeline.RunContract)
            {
                Changed = table => destination?.VerifySchema(schema, [table]),
            };
            foreach (var resource in RunningResources.Of(source).Where(r => r.Hints.WriteDisposition == WriteDisposition.Replace))
            {
                state.Touch(source.Name);
                state.Reset(source.Name, resource.Name);
            }

            await ExtractAsync(source, schema, state, package, cancellationToken).ConfigureAwait(false);
            _tables.Settle();
            foreach (var emptied in new EmptyJobs(_hints, _segments, pipeline.Capabilities).Write(source, schema)) _rows[emptied] = 0;
            destination?.VerifySchema(schema, _tables.Tables);
            _segments.Complete();

            RowCounts.WriteExtracted(package, _rows);
            new ExtractCommit(pipeline, _rows).Run(package, schema, state.Current, folder);
            return new(pipeline, package.LoadId, new SortedDictionary<string, long>(_rows, StringComparer.Ordinal), started,
                pipeline.Time.GetUtcNow());
        }
        catch
        {
            Abandon(folder);
            throw;
        }
        finally
        {
            pipeline.Progress.End();
        }
    }

    /// <summary>
    /// Removes what the run wrote; what cannot be removed, the next run does. The error that ended the run is the one to report.
    /// </summary>
    private void Abandon(string folder)
    {
        try
        {
            _segments?.Dispose();
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Abandoned folders are removed when the next run begins.
        }
    }

    private Schema OpenSchema(Source source)
    {
        var max = pipeline.Capabilities.MaxIdentifierLength;
        var fresh = NewSchema(source.Name, max);   // a setting that is not possible stops the run also where the schema is there already
        var schema = pipeline.Schemas.Load(source.Name, max) ?? fresh;
        Declare(source, schema);
        return schema;
    }

    /// <summary>
    /// An empty schema as the sections <c>sources.&lt;schema&gt;.schema</c> and <c>schema</c> want it (spec/pipeline.md 5.2).
    /// </summary>
    private Schema NewSchema(string name, int? maxIdentifierLength)
    {
        var settings = StepSpecs.Resolve(StepSpecs.Schema, pipeline.Configuration, pipeline.Name, pipeline.Warn, "sources", name);
        var naming = settings["naming"] is { Kind: JsonKind.String } set
            ? set.AsString()
            : pipeline.Capabilities.NamingConvention ?? "snake_case";
        var schema = new Schema(name, NamingConvention.Create(naming, maxIdentifierLength));
        foreach (var field in new[] { "use_break_path_on_normalize", "allow_identifier_change_on_table_with_data" })
            if (settings[field] is { IsNull: false } value) schema.Normalizers = schema.Normalizers.With(field, value);
        if (settings["json_normalizer"] is { Kind: JsonKind.Object } json) schema.Normalizers = schema.Normalizers.With("json", json);
        return schema;
    }

    /// <summary>Brings the settings of the source into the schema.</summary>
    private void Declare(Source source, Schema schema)
    {
        var json = schema.Normalizers["json"] ?? JsonValue.EmptyObject;
        var config = json["config"] ?? JsonValue.EmptyObject;
        if (source.MaxTableNesting is { } nesting) config = config.With("max_nesting", JsonValue.Integer(nesting));
        if (source.RootKey is { } rootKey) config = config.With("root_key_propagation", JsonValue.Bool(rootKey));
        if (config.Members.Count > 0) schema.Normalizers = schema.Normalizers.With("json", json.With("config", config));
        source.SchemaHints?.ApplyTo(schema, pipeline.Capabilities);
        if ((pipeline.RunContract ?? source.SchemaContract) is { } contract)
            schema.Settings = schema.Settings.With("schema_contract", contract);
    }

    /// <summary>Generators run side by side, a bounded channel hands their pages to the one writer.</summary>
    private async Task ExtractAsync(
        Source source, Schema schema, StateStore state, LoadPackage package, CancellationToken cancellationToken)
    {
        var workers = pipeline.Settings.ExtractWorkers;
        var inFlight = pipeline.Settings.MaxParallelItems;
        var channel = Channel.CreateBounded<(Resource Resource, object? Page)>(new BoundedChannelOptions(inFlight) { SingleReader = true });
        var waits = new RetryWaits(pipeline.Time, pipeline.Warn);
        using var http = new SourceHttp(RequestSettings.Read(pipeline.Configuration), waits, pipeline.HttpHandler);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var producing = new ResourcePages(pipeline, source, state, http).ProduceAsync(channel.Writer, workers, stop.Token);
        try
        {
            await foreach (var (resource, page) in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                WritePage(resource, page, schema);
        }
        catch
        {
            // Generators use the client, and the next run may ask the same source: none goes on when this method returns.
            await stop.CancelAsync().ConfigureAwait(false);
            await producing.ConfigureAwait(false);
            while (channel.Reader.TryRead(out var left)) Release(left.Page);
            throw;
        }

        await producing.ConfigureAwait(false);
        foreach (var resource in source.Resources.Where(r => r.Files.Count > 0 && r.IsSelected))
        {
            var table = _tables!.Declare(resource, NameOf(resource));
            if (table is null) continue;
            foreach (var file in resource.Files) _segments!.Add(resource.Name, table, FileReference.Of(file, package, cancellationToken));
        }
    }

    /// <summary>Gives the memory of a page back that nobody reads.</summary>
    private static void Release(object? page)
    {
        foreach (var batch in ItemWriter.ItemsOf(page).OfType<ItemBatch>().Where(b => b.IsOwned)) batch.Rows.Dispose();
    }

    private void WritePage(Resource resource, object? page, Schema schema)
    {
        var isEmpty = true;
        foreach (var item in ItemWriter.ItemsOf(page))
        {
            isEmpty = false;
            WriteMarked(resource, null, item, schema);
        }

        if (isEmpty) DeclareTable(resource);
    }

    /// <summary>Writes an item to the table of its mark, or to that which the hints name; hints themselves hold for what follows.</summary>
    private void WriteMarked(Resource resource, string? table, object? item, Schema schema)
    {
        switch (item)
        {
            case HintsChange change:
                ChangeHints(resource, change);
                break;
            case RejectedRecord rejected:
                WriteReject(resource, rejected, schema);
                break;
            case TableItem marked:
                var isEmpty = true;
                foreach (var one in ItemWriter.ItemsOf(marked.Item))
                {
                    isEmpty = false;
                    WriteMarked(resource, marked.Table, one, schema);
                }

                if (isEmpty) _tables!.Declare(resource, marked.Table);
                break;
            default:
                if (table is null && _hints!.Of(resource).TableNameOf is { } choose) WriteChosen(resource, choose, item, schema);
                else WriteItem(resource, table ?? NameOf(resource), item, schema);
                break;
        }
    }

    /// <summary>Writes an item, or each row of a batch, to the table that its values name.</summary>
    private void WriteChosen(Resource resource, Func<JsonValue, string> choose, object? item, Schema schema)
    {
        switch (item)
        {
            case ItemBatch batch:
                foreach (var row in BatchRows.ToItems(batch.Rows)) WriteItem(resource, choose(row), row, schema);
                break;
            case RecordBatch:
                throw new DltException(
                    $"Resource '{resource.Name}' chooses the table by the item, but an Arrow batch holds many rows. "
                    + "Nothing of this run was loaded, and the state is as before. Yield each table's rows as a TableItem.");
            case RawJson raw:
                foreach (var line in ItemWriter.Split(raw))
                    WriteItem(resource, choose(JsonParser.Parse(line.Span, raw.Origin)), raw with { Utf8 = line }, schema);
                break;
            default:
                WriteItem(resource, choose(ItemWriter.ToJson(item) ?? JsonValue.Null), item, schema);
                break;
        }
    }

    private void ChangeHints(Resource resource, HintsChange change)
    {
        _hints!.Apply(resource, change);
        _tables!.Forget(resource);
        if (!change.IsAlone) return;
        if (change.IsVariant) _tables.Declare(resource, change.Hints.TableName!);
        else DeclareTable(resource);
    }

    /// <summary>Makes the table of a resource known, without rows; where the item chooses the table, there is none yet.</summary>
    private void DeclareTable(Resource resource)
    {
        if (_hints!.Of(resource).TableNameOf is null) _tables!.Declare(resource, NameOf(resource));
    }

    private string NameOf(Resource resource) => _hints!.Of(resource).TableName ?? resource.Name;

    private void WriteItem(Resource resource, string tableName, object? item, Schema schema)
    {
        if (item is RecordBatch arrow)
        {
            WriteArrowTable(resource, tableName, arrow, schema);
            return;
        }

        if (_tables!.Declare(resource, tableName) is not { } table) return;
        if (item is EmptyTable)
        {
            _segments!.Lines(resource.Name, table);
            _rows.TryAdd(table, 0);
            return;
        }

        if (item is ItemBatch batch)
        {
            foreach (var field in batch.Rows.Schema.FieldsList) ArrowTypes.CheckLoadable(field, resource.Name);
            _names!.Check(batch, table, resource.Name);
            var rows = batch.Names == BatchNames.Fields ? DecimalMetadata.WithTypes(batch.Rows) : batch.Rows;
            WriteBatch(resource, table, RowOrigin.Items, rows);
            if (batch.IsOwned && !_source!.Resources.Any(r => r.Parent?.Name == resource.Name)) batch.Rows.Dispose();
            return;
        }

        var segment = _segments!.Lines(resource.Name, table);
        var before = segment.Rows;
        segment.Write(item);
        _rows[table] = _rows.GetValueOrDefault(table) + segment.Rows - before;
        pipeline.Progress.Add(table, segment.Rows - before);
    }

    /// <summary>Rejects stand in a table of their own, which has no hints of a resource.</summary>
    private void WriteReject(Resource resource, RejectedRecord rejected, Schema schema)
    {
        var table = schema.NormalizeTableIdentifier(RejectedItem.Table);
        var source = schema.NormalizeTableIdentifier(NameOf(resource));
        _segments!.Lines(resource.Name, table).Write(RejectedItem.Of(rejected, source));
        _rows[table] = _rows.GetValueOrDefault(table) + 1;
    }

    private void WriteArrowTable(Resource resource, string tableName, RecordBatch batch, Schema schema)
    {
        var columns = ArrowTables.Columns(batch, resource, schema, pipeline.Capabilities);
        if (_tables!.Find(tableName) is { } known)
            batch = ArrowTables.ApplyContract(batch, columns, known, _tables.ContractOf(resource, known).Columns, schema);
        if (pipeline.AddsLoadId)
        {
            var loadId = SystemTables.ArrowLoadId(schema.Naming);
            columns.RemoveAll(c => c.Column.Name == loadId.Name);
            columns.Add((-1, loadId));
        }

        if (_tables.Declare(resource, tableName, [.. columns.Select(c => c.Column)]) is not { } table) return;
        WriteBatch(resource, table, RowOrigin.ArrowTable,
            BatchRows.Select(batch, [.. columns.Where(c => c.Index >= 0).Select(c => c.Index)]));
    }

    private void WriteBatch(Resource resource, string table, RowOrigin origin, RecordBatch batch)
    {
        if (batch.Length == 0) return;
        _segments!.Batches(resource.Name, table, origin).Write(batch);
        _rows[table] = _rows.GetValueOrDefault(table) + batch.Length;
        pipeline.Progress.Add(table, batch.Length);
    }
}
