using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using Dlt.Batches;
using Dlt.Batches.Building;
using Dlt.Items;
using Dlt.Sources.Files;
using Dlt.Sources.Sql;

namespace Dlt;

/// <summary>A named producer of items and what is known of their table (dlt documentation, Resource).</summary>
/// <remarks>
/// Items are records and other objects, dictionaries, scalars, <see cref="JsonValue"/>, <see cref="RawJson"/>, or lists of those (a
/// page). An Arrow <see cref="RecordBatch"/> is a part of a table: it is loaded as it is, without keys of its rows (dlt documentation,
/// Arrow).
/// </remarks>
public sealed class Resource
{
    private readonly Func<ResourceContext, CancellationToken, IAsyncEnumerable<object?>>? _generate;
    private readonly Func<object?, ResourceContext, CancellationToken, IAsyncEnumerable<object?>>? _transform;

    private Resource(
        string name, ResourceHints? hints, Func<ResourceContext, CancellationToken, IAsyncEnumerable<object?>>? generate,
        Func<object?, ResourceContext, CancellationToken, IAsyncEnumerable<object?>>? transform = null, Resource? parent = null,
        IReadOnlyList<InputFile>? files = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Hints = hints ?? new();
        _generate = generate;
        _transform = transform;
        Parent = parent;
        Files = files ?? [];
    }

    /// <summary>Also the table's name, unless the hints say otherwise.</summary>
    public string Name { get; }

    /// <summary>Table name, keys, columns, disposition.</summary>
    public ResourceHints Hints { get; }

    /// <summary>False: its items are not loaded, but its transformers still get them.</summary>
    public bool IsSelected { get; private init; } = true;

    /// <summary>The resource that feeds a transformer.</summary>
    public Resource? Parent { get; }

    /// <summary>Where the generator ends early; null for nowhere.</summary>
    internal ResourceLimit? Limit { get; private init; }

    /// <summary>The same items in batches, for when nobody needs them one by one; null when they cannot be written as columns.</summary>
    internal Func<ResourceContext, CancellationToken, IAsyncEnumerable<object?>>? GenerateBatches { get; private init; }

    /// <summary>Files of JSON that are loaded as they are, after the pages of the generator if there is one.</summary>
    internal IReadOnlyList<InputFile> Files { get; }

    /// <summary>True when the resource has a generator of its own; one of files only has none.</summary>
    internal bool IsGenerated => _generate is not null;

    /// <summary>A resource of items that are there already.</summary>
    /// <exception cref="DltException">The program was trimmed, and with it the properties of the items.</exception>
    [RequiresUnreferencedCode(TrimmedTypes.Warning)]
    public static Resource Create<T>(string name, IEnumerable<T> items, ResourceHints? hints = null) => Create<T>(
        name, hints, (_, cancellationToken) => FromEnumerable(items, cancellationToken),
        DictionaryBatches.Suits(typeof(T))
            ? (_, cancellationToken) => DictionaryBatches.FromAsync(items.ToAsyncEnumerable(), cancellationToken)
            : (_, cancellationToken) => RecordBatches<T>.FromEnumerable(items, cancellationToken));

    /// <summary>A resource of items as they come.</summary>
    /// <exception cref="DltException">The program was trimmed, and with it the properties of the items.</exception>
    [RequiresUnreferencedCode(TrimmedTypes.Warning)]
    public static Resource Create<T>(string name, IAsyncEnumerable<T> items, ResourceHints? hints = null) =>
        Create<T>(name, (_, _) => items, hints);

    /// <summary>A resource whose generator uses state, configuration or HTTP.</summary>
    /// <exception cref="DltException">The program was trimmed, and with it the properties of the items.</exception>
    [RequiresUnreferencedCode(TrimmedTypes.Warning)]
    public static Resource Create<T>(
        string name, Func<ResourceContext, CancellationToken, IAsyncEnumerable<T>> items, ResourceHints? hints = null) => Create<T>(
        name, hints, (context, cancellationToken) => FromAsync(items(context, cancellationToken), cancellationToken),
        DictionaryBatches.Suits(typeof(T))
            ? (context, cancellationToken) => DictionaryBatches.FromAsync(items(context, cancellationToken), cancellationToken)
            : (context, cancellationToken) => RecordBatches<T>.FromAsync(items(context, cancellationToken), cancellationToken));

    /// <summary>
    /// A file of newline-delimited JSON. It is read in place, not copied: it must stay as it is until the run has normalised it.
    /// </summary>
    public static Resource FromFile(string name, string path, ResourceHints? hints = null) =>
        FromFiles(name, [new InputFile(Path.GetFullPath(path))], null, hints);

    /// <summary>
    /// A resource of the rows of a query. Columns keep their types: decimals are exact, times have their offset or none, binary is binary.
    /// </summary>
    /// <param name="name">The resource.</param>
    /// <param name="open">Runs the query; the reader is disposed at its end. <see cref="ResourceContext.Cursor"/> tells where an
    /// incremental run begins.</param>
    /// <param name="hints">Keys, disposition, cursor.</param>
    public static Resource FromReader(
        string name, Func<ResourceContext, CancellationToken, Task<DbDataReader>> open, ResourceHints? hints = null) =>
        new(name, hints, (context, cancellationToken) => FromReader(open, context, cancellationToken));

    /// <summary>
    /// A resource of rows that come as Arrow batches and are items: they get keys, structs are flattened, and lists become tables of their
    /// own. Batches that <see cref="Create{T}(string, IAsyncEnumerable{T}, ResourceHints?)"/> gets are loaded as they are, column by
    /// column.
    /// </summary>
    public static Resource FromBatches(
        string name, Func<ResourceContext, CancellationToken, IAsyncEnumerable<RecordBatch>> batches, ResourceHints? hints = null) =>
        new(name, hints, (context, cancellationToken) => FromBatches(batches(context, cancellationToken), cancellationToken));

    /// <summary>A resource whose pages are made already.</summary>
    internal static Resource FromPages(string name, Func<ResourceContext, CancellationToken, IAsyncEnumerable<object?>> pages,
        ResourceHints? hints) => new(name, hints, pages);

    /// <summary>A resource of files of JSON, and of pages that are made of other files.</summary>
    internal static Resource FromFiles(
        string name, IReadOnlyList<InputFile> files, Func<ResourceContext, CancellationToken, IAsyncEnumerable<object?>>? pages,
        ResourceHints? hints) =>
        new(name, hints, pages, files: files);

    /// <summary>A resource that makes items of every item of this one.</summary>
    [RequiresUnreferencedCode(TrimmedTypes.Warning)]
    public Resource Transform<TIn, TOut>(
        string name, Func<TIn, ResourceContext, CancellationToken, IAsyncEnumerable<TOut>> transform, ResourceHints? hints = null) =>
        new(name, hints, null, (item, context, cancellationToken) =>
            FromAsync(transform((TIn)item!, context, cancellationToken), cancellationToken), this);

    /// <summary>A copy whose own items are not loaded.</summary>
    public Resource Unselected() =>
        new(Name, Hints, _generate, _transform, Parent, Files) { IsSelected = false, Limit = Limit, GenerateBatches = GenerateBatches };

    /// <summary>A copy whose items are loaded.</summary>
    public Resource Selected() =>
        new(Name, Hints, _generate, _transform, Parent, Files) { Limit = Limit, GenerateBatches = GenerateBatches };

    /// <summary>A copy with other hints.</summary>
    public Resource WithHints(ResourceHints hints) =>
        new(Name, hints, _generate, _transform, Parent, Files)
        { IsSelected = IsSelected, Limit = Limit, GenerateBatches = GenerateBatches };

    /// <summary>
    /// A copy that ends early, for a first look or to load much in several runs. It has no effect on transformers and on files.
    /// </summary>
    /// <param name="maxItems">Pages, or rows with <paramref name="countRows"/>, after which it ends; a page is never cut. 0 for nothing at
    /// all, null for no such limit.</param>
    /// <param name="maxTime">Time after which no further page is taken.</param>
    /// <param name="countRows">Count rows instead of pages.</param>
    public Resource WithLimit(int? maxItems = null, TimeSpan? maxTime = null, bool countRows = false)
    {
        if (maxItems is < 0) throw new ArgumentOutOfRangeException(nameof(maxItems), maxItems, "A limit is 0 or more.");
        return new(Name, Hints, _generate, _transform, Parent, Files)
        { IsSelected = IsSelected, Limit = new(maxItems, maxTime, countRows), GenerateBatches = GenerateBatches };
    }

    internal IAsyncEnumerable<object?> Generate(ResourceContext context, CancellationToken cancellationToken) =>
        _generate?.Invoke(context, cancellationToken)
            ?? throw new InvalidOperationException($"Resource '{Name}' has no generator of its own.");

    internal IAsyncEnumerable<object?> TransformItem(object? item, ResourceContext context, CancellationToken cancellationToken) =>
        _transform!(item, context, cancellationToken);

    /// <summary>A resource with two ways to generate its items; that of batches is for types whose objects can be columns.</summary>
    private static Resource Create<T>(
        string name, ResourceHints? hints, Func<ResourceContext, CancellationToken, IAsyncEnumerable<object?>> generate,
        Func<ResourceContext, CancellationToken, IAsyncEnumerable<object?>> batches)
    {
        TrimmedTypes.Check(typeof(T));
        var hasColumns = DictionaryBatches.Suits(typeof(T)) || RecordBatches<T>.IsPossible;
        return new(name, hints, generate) { GenerateBatches = hasColumns ? batches : null };
    }

    private static async IAsyncEnumerable<object?> FromReader(
        Func<ResourceContext, CancellationToken, Task<DbDataReader>> open, ResourceContext context,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = await open(context, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
            await foreach (var page in new ReaderRows(reader).ReadAsync(cancellationToken).ConfigureAwait(false)) yield return page;
    }

    private static async IAsyncEnumerable<object?> FromBatches(
        IAsyncEnumerable<RecordBatch> batches, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            EqualNames.Check(batch.Schema.FieldsList, "A batch");
            yield return new ItemBatch(batch) { Names = BatchNames.Fields };
        }
    }

    private static async IAsyncEnumerable<object?> FromEnumerable<T>(
        IEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }
    }

    private static async IAsyncEnumerable<object?> FromAsync<T>(
        IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false)) yield return item;
    }
}
