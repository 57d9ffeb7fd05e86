using System.Threading.Channels;
using Apache.Arrow;
using Dlt.Batches;
using Dlt.Hashing;
using Dlt.Json;
using Dlt.Naming;
using Dlt.Normalize.Contracts;
using Dlt.Normalize.Rows;
using Dlt.Packages;
using Dlt.Progress;
using Dlt.Schemas;
using Dlt.Settings;
using Dlt.Sources.Http;
using Dlt.State;
using Dlt.Types;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Extract;

/// <summary>Runs the resources of a source into a package of extracted segments (spec/pipeline.md 1.5, 2.4).</summary>
internal sealed class ExtractStep(PipelineContext pipeline)
{
    private readonly Dictionary<string, long> _rows = new(StringComparer.Ordinal);
    private ExtractedSegments? _segments;
    private DeclaredTables? _tables;
    private CheckedNames? _names;
    private Source? _source;

    /// <summary>Extracts one source; nothing of the pipeline changes unless all of it succeeds.</summary>
    public async Task<ExtractInfo> RunAsync(Source source, CancellationToken cancellationToken)
    {
        var started = pipeline.Time.GetUtcNow();
        pipeline.Progress.Begin("Extract", source.Name);
        var folder = pipeline.Folder.NewExtractFolder();
        try
        {
            var package = LoadPackage.Create(folder, pipeline.LoadIds.Next());
            pipeline.Folder.CopyForRestore(package);
            if (pipeline.RunKey is { } key) package.RunKey = key;
            var schema = OpenSchema(source);
            _source = source;
            var state = new StateStore(pipeline.State);
            if (pipeline.Refresh is { } mode && pipeline.Folder.SchemaNames().Contains(source.Name))
            {
                package.SaveState(Refresh.Apply(mode, source, ref schema, state).AddTo(package.LoadState()));
                Declare(source, schema);
            }

            _segments = new ExtractedSegments(package, [.. source.Resources.Select(r => r.Name)]);
            _names = new CheckedNames(schema, pipeline.Capabilities);
            _tables = new DeclaredTables(source, schema, pipeline.Capabilities, pipeline.RunContract);
            foreach (var resource in RunningResources.Of(source).Where(r => r.Hints.WriteDisposition == WriteDisposition.Replace))
            {
                state.Touch(source.Name);
                state.Reset(source.Name, resource.Name);
            }

            await ExtractAsync(source, schema, state, package, cancellationToken).ConfigureAwait(false);
            WriteEmptyJobs(source, schema);
            _segments.Complete();

            RowCounts.WriteExtracted(package, _rows);
            new ExtractCommit(pipeline, _rows).Run(package, schema, state.Current, folder);
            return new(pipeline, package.LoadId, new SortedDictionary<string, long>(_rows, StringComparer.Ordinal), started, pipeline.Time.GetUtcNow());
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

    /// <summary>Removes what the run wrote; what cannot be removed, the next run does. The error that ended the run is the one to report.</summary>
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

    /// <summary>An empty schema as the sections <c>sources.&lt;schema&gt;.schema</c> and <c>schema</c> want it (spec/pipeline.md 5.2).</summary>
    private Schema NewSchema(string name, int? maxIdentifierLength)
    {
        var settings = StepSpecs.Resolve(StepSpecs.Schema, pipeline.Configuration, pipeline.Name, pipeline.Warn, "sources", name);
        var naming = settings["naming"] is { Kind: JsonKind.String } set ? set.AsString() : pipeline.Capabilities.NamingConvention ?? "snake_case";
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
        if ((pipeline.RunContract ?? source.SchemaContract) is { } contract) schema.Settings = schema.Settings.With("schema_contract", contract);
    }

    /// <summary>Generators run side by side, a bounded channel hands their pages to the one writer.</summary>
    private async Task ExtractAsync(Source source, Schema schema, StateStore state, LoadPackage package, CancellationToken cancellationToken)
    {
        var workers = pipeline.Settings.ExtractWorkers;
        var inFlight = pipeline.Settings.MaxParallelItems;
        var channel = Channel.CreateBounded<(Resource Resource, object? Page)>(new BoundedChannelOptions(inFlight) { SingleReader = true });
        using var http = new ApiClient(pipeline.Configuration, pipeline.Time, pipeline.HttpHandler);
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
            var table = _tables!.Declare(resource, resource.Hints.TableName ?? resource.Name);
            if (table is null) continue;
            if (resource.Hints.Incremental is not null)
                throw new DltException($"Resource '{resource.Name}' is a file that is read in place, so it cannot have an incremental cursor. Nothing was extracted. Read the file in a generator, or leave the cursor out.");
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
            switch (item)
            {
                case RejectedRecord rejected:
                    WriteReject(resource, rejected, schema);
                    break;
                case TableItem marked:
                    foreach (var one in ItemWriter.ItemsOf(marked.Item)) WriteItem(resource, marked.Table, one, schema);
                    break;
                case ItemBatch batch when resource.Hints.TableNameOf is { } choose:
                    foreach (var row in BatchRows.ToItems(batch.Rows)) WriteItem(resource, choose(row), row, schema);
                    break;
                case RecordBatch when resource.Hints.TableNameOf is not null:
                    throw new DltException($"Resource '{resource.Name}' chooses the table by the item, but an Arrow batch holds many rows. Nothing of this run was loaded, and the state is as before. Yield each table's rows as a TableItem.");
                case RawJson raw when resource.Hints.TableNameOf is { } choose:
                    foreach (var line in ItemWriter.Split(raw)) WriteItem(resource, choose(JsonParser.Parse(line.Span, raw.Origin)), raw with { Utf8 = line }, schema);
                    break;
                default:
                    var table = resource.Hints.TableNameOf is { } chooseTable ? chooseTable(ItemWriter.ToJson(item) ?? JsonValue.Null) : resource.Hints.TableName ?? resource.Name;
                    WriteItem(resource, table, item, schema);
                    break;
            }
        }

        // An empty page makes the table known, without rows.
        if (isEmpty && resource.Hints.TableNameOf is null) _tables!.Declare(resource, resource.Hints.TableName ?? resource.Name);
    }

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
            WriteBatch(resource, table, RowOrigin.Items, batch.Rows);
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
        var source = schema.NormalizeTableIdentifier(resource.Hints.TableName ?? resource.Name);
        _segments!.Lines(resource.Name, table).Write(RejectedItem.Of(rejected, source));
        _rows[table] = _rows.GetValueOrDefault(table) + 1;
    }

    private void WriteArrowTable(Resource resource, string tableName, RecordBatch batch, Schema schema)
    {
        var columns = ArrowTables.Columns(batch, resource, schema, pipeline.Capabilities);
        if (_tables!.Find(tableName) is { } known) batch = ArrowTables.ApplyContract(batch, columns, known, _tables.ContractOf(resource, known).Columns, schema);
        if (pipeline.AddsLoadId)
        {
            var loadId = SystemTables.ArrowLoadId(schema.Naming);
            columns.RemoveAll(c => c.Column.Name == loadId.Name);
            columns.Add((-1, loadId));
        }

        if (_tables.Declare(resource, tableName, [.. columns.Select(c => c.Column)]) is not { } table) return;
        WriteBatch(resource, table, RowOrigin.ArrowTable, BatchRows.Select(batch, [.. columns.Where(c => c.Index >= 0).Select(c => c.Index)]));
    }

    private void WriteBatch(Resource resource, string table, RowOrigin origin, RecordBatch batch)
    {
        if (batch.Length == 0) return;
        _segments!.Batches(resource.Name, table, origin).Write(batch);
        _rows[table] = _rows.GetValueOrDefault(table) + batch.Length;
        pipeline.Progress.Add(table, batch.Length);
    }

    /// <summary>A table of a replace resource that got nothing is emptied by an empty job (spec/pipeline.md 1.5).</summary>
    private void WriteEmptyJobs(Source source, Schema schema)
    {
        foreach (var resource in source.Resources.Where(r => r.IsSelected && r.Files.Count == 0 && r.Hints.WriteDisposition == WriteDisposition.Replace))
        {
            var emptied = schema.DataTables.Where(t => t.Parent is null && t.Resource == resource.Name && t.HasSeenData && !_segments!.Has(t.Name));
            foreach (var table in emptied.ToList())
            {
                // The disposition of this run counts, also where the rows that are there were appended.
                schema.UpdateTable(table.With("write_disposition", JsonValue.String("replace")), pipeline.Capabilities);
                _segments!.Lines(resource.Name, table.Name);
                _rows[table.Name] = 0;
            }
        }
    }
}
