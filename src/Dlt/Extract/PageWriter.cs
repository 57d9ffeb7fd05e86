using Apache.Arrow;
using Dlt.Batches;
using Dlt.Batches.Decimals;
using Dlt.Diagnostics;
using Dlt.Items;
using Dlt.Json;
using Dlt.Names;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Sources;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Extract;

/// <summary>
/// Writes the items of a run to the segments of its package, one segment per table, and declares the tables in the schema.
/// </summary>
/// <param name="pipeline">Pipeline that runs.</param>
/// <param name="source">Source that runs.</param>
/// <param name="schema">Schema of the source. Tables are added to it.</param>
/// <param name="package">Package that receives the segments.</param>
internal sealed class PageWriter(PipelineContext pipeline, Source source, Schema schema, LoadPackage package) : IDisposable
{
    private readonly ExtractedSegments _segments = new(package, [.. source.Resources.Select(r => r.Name)]);
    private readonly CheckedNames _names = new(schema, pipeline.Capabilities, pipeline.KeepRejects);
    private readonly CurrentHints _hints = new(schema);
    private readonly HashSet<string> _parents =
        source.Resources.Select(r => r.Parent?.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<string> _unchanged = new(StringComparer.Ordinal);
    private DeclaredTables? _tables;

    /// <summary>Callback for each table that was declared or extended. It throws when the destination cannot hold the table.</summary>
    public required Action<TableSchema> TableChanged { get; init; }

    /// <summary>Tables that received items in this run.</summary>
    public IReadOnlyCollection<TableSchema> Tables => Declared.Tables;

    /// <summary>Number of rows written so far, by table.</summary>
    public Dictionary<string, long> Rows { get; } = new(StringComparer.Ordinal);

    private DeclaredTables Declared =>
        _tables ??= new(source, schema, _hints, pipeline.Capabilities, pipeline.RunContract) { Changed = TableChanged };

    /// <summary>Writes all items of a page.</summary>
    public void Write(ResourcePage page)
    {
        foreach (var item in page.Items) Write(page.Resource, item);
    }

    /// <summary>Adds the files of a resource, which are loaded unchanged after the rows of its generator.</summary>
    public void AddFiles(Resource resource, CancellationToken cancellationToken)
    {
        if (Declared.Declare(resource, NameOf(resource)) is not { } table) return;
        foreach (var file in resource.Files) _segments.Add(resource.Name, table, FileReference.Of(file, package, cancellationToken));
    }

    /// <summary>
    /// Closes the segments and writes an empty segment for each replaced table without rows, so that the load empties it.
    /// </summary>
    public void Complete()
    {
        Declared.Settle();
        var empty = new EmptyJobs(_hints, _segments, _unchanged, pipeline.Capabilities);
        foreach (var emptied in empty.Write(source, schema)) Rows[emptied] = 0;
        _segments.Complete();
    }

    /// <summary>
    /// Closes the files of a run that failed. Errors are ignored, because the error that ended the run is the one to report.
    /// </summary>
    public void Dispose()
    {
        try
        {
            _segments.Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The package is deleted with its files.
        }
    }

    private void Write(Resource resource, Item item)
    {
        switch (item.Kind)
        {
            case ItemKind.Hints:
                ChangeHints(resource, item.Hints);
                break;
            case ItemKind.Rejected:
                WriteReject(resource, item.Rejected);
                break;
            case ItemKind.Unchanged:
                _unchanged.Add(resource.Name);
                break;
            case ItemKind.NoItems:
                if (item.Table is { } named) Declared.Declare(resource, named);
                else DeclareTable(resource);
                break;
            default:
                if (item.Table is null && _hints.Of(resource).TableNameOf is { } choose) WriteChosen(resource, choose, item);
                else WriteTo(resource, item.Table ?? NameOf(resource), item);
                break;
        }
    }

    /// <summary>Writes an item, or each row of a batch, to the table that its values name.</summary>
    private void WriteChosen(Resource resource, Func<JsonValue, string> choose, Item item)
    {
        switch (item.Kind)
        {
            case ItemKind.Batch:
                foreach (var row in BatchRows.ToItems(item.Batch.Rows)) WriteTo(resource, choose(row), Item.OfValue(row));
                break;
            case ItemKind.ArrowTable:
                throw new DltException(
                    $"Resource '{resource.Name}' chooses the table by the item, but an Arrow batch holds many rows. "
                    + "Nothing of this run was loaded, and the state is as before. Yield each table's rows as a TableItem.");
            case ItemKind.RawJson:
                var raw = item.RawJson;
                foreach (var line in item.Lines)
                    WriteTo(resource, choose(JsonParser.Parse(line.Span, raw.Origin)), item.With(raw with { Utf8 = line }));
                break;
            default:
                WriteTo(resource, choose(ItemWriter.ToJson(item.Value) ?? JsonValue.Null), item);
                break;
        }
    }

    private void ChangeHints(Resource resource, HintsChange change)
    {
        _hints.Apply(resource, change);
        Declared.Forget(resource);
        if (!change.IsAlone) return;
        if (change.IsVariant) Declared.Declare(resource, change.Hints.TableName!);
        else DeclareTable(resource);
    }

    /// <summary>Declares the table of a resource without rows. If items choose their table, there is none to declare yet.</summary>
    private void DeclareTable(Resource resource)
    {
        if (_hints.Of(resource).TableNameOf is null) Declared.Declare(resource, NameOf(resource));
    }

    private string NameOf(Resource resource) => _hints.Of(resource).TableName ?? resource.Name;

    private void WriteTo(Resource resource, string tableName, Item item)
    {
        if (item.Kind == ItemKind.ArrowTable)
        {
            WriteArrowTable(resource, tableName, item.ArrowTable);
            return;
        }

        if (Declared.Declare(resource, tableName) is not { } table) return;
        switch (item.Kind)
        {
            case ItemKind.EmptyTable:
                _segments.Lines(resource.Name, table);
                Rows.TryAdd(table, 0);
                break;
            case ItemKind.Batch:
                WriteBatch(resource, table, item.Batch);
                break;
            default:
                var segment = _segments.Lines(resource.Name, table);
                var (rows, bytes) = (segment.Rows, segment.Bytes);
                try
                {
                    segment.Write(item);
                }
                catch (Exception error) when (ResourceErrors.IsOfItem(error))
                {
                    throw ResourceErrors.Of(resource.Name, error);
                }

                Count(table, segment.Rows - rows, segment.Bytes - bytes);
                break;
        }
    }

    /// <summary>Writes a rejected record to its own table, which has no hints of the resource.</summary>
    private void WriteReject(Resource resource, RejectedRecord rejected)
    {
        var table = schema.NormalizeTableIdentifier(RejectedItem.Table);
        var origin = schema.NormalizeTableIdentifier(NameOf(resource));
        _segments.Lines(resource.Name, table).Write(RejectedItem.Of(rejected, origin));
        Rows[table] = Rows.GetValueOrDefault(table) + 1;
    }

    private void WriteBatch(Resource resource, string table, ItemBatch batch)
    {
        foreach (var field in batch.Rows.Schema.FieldsList) ArrowTypes.CheckLoadable(field, resource.Name);
        _names.Check(batch, table, resource.Name);
        var rows = batch.Names == BatchNames.Fields ? DecimalMetadata.WithTypes(batch.Rows) : batch.Rows;
        WriteRows(resource, table, RowOrigin.Items, rows);
        if (batch.IsOwned && !_parents.Contains(resource.Name)) batch.Rows.Dispose();
    }

    private void WriteArrowTable(Resource resource, string tableName, RecordBatch batch)
    {
        var columns = ArrowTables.Columns(batch, resource, schema, pipeline.Capabilities);
        if (Declared.Find(tableName) is { } known)
            batch = ArrowTables.ApplyContract(batch, columns, known, Declared.ContractOf(resource, known).Columns, schema);
        if (pipeline.AddLoadId)
        {
            var loadId = SystemTables.ArrowLoadId(schema.Naming);
            columns.RemoveAll(c => c.Column.Name == loadId.Name);
            columns.Add((-1, loadId));
        }

        if (Declared.Declare(resource, tableName, [.. columns.Select(c => c.Column)]) is not { } table) return;
        var loaded = columns.Where(c => c.Index >= 0).Select(c => c.Index);
        WriteRows(resource, table, RowOrigin.ArrowTable, BatchRows.Select(batch, [.. loaded]));
    }

    private void WriteRows(Resource resource, string table, RowOrigin origin, RecordBatch batch)
    {
        if (batch.Length == 0) return;
        var segment = _segments.Batches(resource.Name, table, origin);
        var bytes = segment.Bytes;
        segment.Write(batch);
        Count(table, batch.Length, segment.Bytes - bytes);
    }

    private void Count(string table, long rows, long bytes)
    {
        Rows[table] = Rows.GetValueOrDefault(table) + rows;
        pipeline.Observer.RowsHandled(StepNames.Extract, table, rows, bytes);
    }
}
