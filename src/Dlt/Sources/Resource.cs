using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using Dlt.Batches.Building;
using Dlt.Batches;
using Dlt.Files;
using Dlt.Items;
using Dlt.Sources.Cursors;
using Dlt.Sources.Sql;

namespace Dlt;

/// <summary>A named producer of items, with the hints for their table (dlt documentation, Resource).</summary>
/// <remarks>
/// Items are records and other objects, dictionaries, scalars, <see cref="JsonValue"/>, <see cref="RawJson"/>, or lists of those (a page).
/// An Arrow <see cref="RecordBatch"/> is a part of a table: it is loaded unchanged, without row keys (dlt documentation, Arrow).
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
        ArgumentNullException.ThrowIfNull(name);
        if (string.IsNullOrWhiteSpace(name)) throw new ArgumentException("The name of a resource is blank. Name it.", nameof(name));
        Name = name;
        Hints = hints ?? new();
        _generate = generate;
        _transform = transform;
        Parent = parent;
        Files = files ?? [];
    }

    /// <summary>Copies a resource.</summary>
    /// <param name="other">The resource to copy.</param>
    /// <param name="hints">Hints of the copy; null for the same.</param>
    private Resource(Resource other, ResourceHints? hints = null)
        : this(other.Name, hints ?? other.Hints, other._generate, other._transform, other.Parent, other.Files) =>
        (IsSelected, Limit, GenerateBatches, Dependent) = (other.IsSelected, other.Limit, other.GenerateBatches, other.Dependent);

    /// <summary>Name of the resource. It is also the name of its table, unless the hints specify another one.</summary>
    public string Name { get; }

    /// <summary>Hints for the table: name, keys, columns, disposition, cursor.</summary>
    public ResourceHints Hints { get; }

    /// <summary>False when the items are not loaded. Transformers of the resource still receive them.</summary>
    public bool IsSelected { get; private init; } = true;

    /// <summary>Resource whose items a transformer receives; null for other resources.</summary>
    public Resource? Parent { get; }

    /// <summary>Limit at which the generator ends early; null for none.</summary>
    internal ResourceLimit? Limit { get; private init; }

    /// <summary>
    /// Generator of the same items in batches, for runs that need no single items; null when the items cannot be written as columns.
    /// </summary>
    internal Func<ResourceContext, CancellationToken, IAsyncEnumerable<object?>>? GenerateBatches { get; private init; }

    /// <summary>What a transformer has that reads more for each item of its parent; null for other resources.</summary>
    internal DependentResource? Dependent { get; private init; }

    /// <summary>JSON files that are loaded unchanged, after the pages of the generator.</summary>
    internal IReadOnlyList<InputFile> Files { get; }

    /// <summary>True when the resource has a generator. A resource of files only has none.</summary>
    internal bool IsGenerated => _generate is not null;

    /// <summary>Creates a resource from a collection of items.</summary>
    /// <exception cref="DltException">The program was trimmed, and properties of the items were removed.</exception>
    [RequiresUnreferencedCode(TrimmedTypes.Warning)]
    public static Resource Create<T>(string name, IEnumerable<T> items, ResourceHints? hints = null)
    {
        return Create<T>(name, hints, (_, cancellationToken) => FromEnumerable(items, cancellationToken), Batches);

        IAsyncEnumerable<object?> Batches(ResourceContext context, CancellationToken cancellationToken) =>
            context.Cursor is { } cursor ? Filtered(items.ToAsyncEnumerable(), cursor, cancellationToken)
                : DictionaryBatches.Suits(typeof(T)) ? DictionaryBatches.FromAsync(items.ToAsyncEnumerable(), cancellationToken)
                : RecordBatches<T>.FromEnumerable(items, cancellationToken);
    }

    /// <summary>Creates a resource from an asynchronous sequence of items.</summary>
    /// <exception cref="DltException">The program was trimmed, and properties of the items were removed.</exception>
    [RequiresUnreferencedCode(TrimmedTypes.Warning)]
    public static Resource Create<T>(string name, IAsyncEnumerable<T> items, ResourceHints? hints = null) =>
        Create<T>(name, (_, _) => items, hints);

    /// <summary>Creates a resource from a generator that uses state, configuration or HTTP.</summary>
    /// <exception cref="DltException">The program was trimmed, and properties of the items were removed.</exception>
    [RequiresUnreferencedCode(TrimmedTypes.Warning)]
    public static Resource Create<T>(
        string name, Func<ResourceContext, CancellationToken, IAsyncEnumerable<T>> items, ResourceHints? hints = null)
    {
        return Create<T>(name, hints, Items, Batches);

        IAsyncEnumerable<object?> Items(ResourceContext context, CancellationToken cancellationToken) =>
            FromAsync(items(context, cancellationToken), cancellationToken);

        IAsyncEnumerable<object?> Batches(ResourceContext context, CancellationToken cancellationToken) =>
            context.Cursor is { } cursor ? Filtered(items(context, cancellationToken), cursor, cancellationToken)
                : DictionaryBatches.Suits(typeof(T)) ? DictionaryBatches.FromAsync(items(context, cancellationToken), cancellationToken)
                : RecordBatches<T>.FromAsync(items(context, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Creates a resource from a file of newline-delimited JSON. The file is not copied: it must not change until the run has normalized
    /// it.
    /// </summary>
    public static Resource FromFile(string name, string path, ResourceHints? hints = null) =>
        FromFiles(name, [new InputFile(Path.GetFullPath(path))], null, hints);

    /// <summary>
    /// Creates a resource from the rows of a database query. Columns keep their types: decimals are exact, times keep their offset or have
    /// none, and binary values stay binary.
    /// </summary>
    /// <param name="name">Name of the resource.</param>
    /// <param name="open">
    /// Runs the query. The reader is disposed at its end. <see cref="ResourceContext.Cursor"/> has the lower bound of an incremental run.
    /// </param>
    /// <param name="hints">Keys, disposition and cursor; null for the defaults.</param>
    public static Resource FromReader(
        string name, Func<ResourceContext, CancellationToken, Task<DbDataReader>> open, ResourceHints? hints = null) =>
        new(name, hints, (context, cancellationToken) => FromReader(open, context, cancellationToken));

    /// <summary>
    /// Creates a resource from Arrow batches whose rows are items: they get row keys, structs are flattened, and lists become child tables.
    /// <see cref="Create{T}(string, IAsyncEnumerable{T}, ResourceHints?)"/>, in contrast, loads Arrow batches unchanged, column by column.
    /// </summary>
    public static Resource FromBatches(
        string name, Func<ResourceContext, CancellationToken, IAsyncEnumerable<RecordBatch>> batches, ResourceHints? hints = null) =>
        new(name, hints, (context, cancellationToken) => FromBatches(batches(context, cancellationToken), cancellationToken));

    /// <summary>Creates a resource from a generator of pages.</summary>
    internal static Resource FromPages(
        string name, Func<ResourceContext, CancellationToken, IAsyncEnumerable<object?>> pages, ResourceHints? hints) =>
        new(name, hints, pages);

    /// <summary>Creates a transformer that reads more pages for each item of its parent.</summary>
    internal static Resource FromParent(
        string name, Resource parent, Func<object?, ResourceContext, CancellationToken, IAsyncEnumerable<object?>> pages,
        ResourceHints? hints, DependentResource dependent) =>
        new(name, hints, null, pages, parent) { Dependent = dependent };

    /// <summary>Creates a resource from JSON files, and from a generator of pages made of other files.</summary>
    internal static Resource FromFiles(
        string name, IReadOnlyList<InputFile> files, Func<ResourceContext, CancellationToken, IAsyncEnumerable<object?>>? pages,
        ResourceHints? hints) =>
        new(name, hints, pages, files: files);

    /// <summary>Creates a transformer: a resource that makes items from each item of this one.</summary>
    [RequiresUnreferencedCode(TrimmedTypes.Warning)]
    public Resource Transform<TIn, TOut>(
        string name, Func<TIn, ResourceContext, CancellationToken, IAsyncEnumerable<TOut>> transform, ResourceHints? hints = null) =>
        new(name, hints, null, (item, context, cancellationToken) =>
            FromAsync(transform((TIn)item!, context, cancellationToken), cancellationToken), this);

    /// <summary>Returns a copy whose own items are not loaded.</summary>
    public Resource Unselected() => new(this) { IsSelected = false };

    /// <summary>Returns a copy whose items are loaded.</summary>
    public Resource Selected() => new(this) { IsSelected = true };

    /// <summary>Returns a copy that is selected and limited like another resource.</summary>
    internal Resource LikeUsed(Resource other) => new(this) { IsSelected = other.IsSelected, Limit = other.Limit };

    /// <summary>Returns a copy with other hints.</summary>
    public Resource WithHints(ResourceHints hints) => new(this, hints);

    /// <summary>
    /// Returns a copy that ends early, for a first test or to load large data in several runs. The limit does not apply to transformers and
    /// files.
    /// </summary>
    /// <param name="maxItems">
    /// Number of pages, or of rows with <paramref name="countRows"/>, after which the generator ends. Pages are never cut. 0 to load
    /// nothing, null for no limit.
    /// </param>
    /// <param name="maxTime">Time after which no further page is read; null for no limit.</param>
    /// <param name="countRows">True to count rows instead of pages.</param>
    public Resource WithLimit(int? maxItems = null, TimeSpan? maxTime = null, bool countRows = false)
    {
        if (maxItems is < 0) throw new ArgumentOutOfRangeException(nameof(maxItems), maxItems, "A limit is 0 or more.");
        return new(this) { Limit = new(maxItems, maxTime, countRows) };
    }

    internal IAsyncEnumerable<object?> Generate(ResourceContext context, CancellationToken cancellationToken) =>
        _generate?.Invoke(context, cancellationToken)
            ?? throw new InvalidOperationException($"Resource '{Name}' has no generator.");

    internal IAsyncEnumerable<object?> TransformItem(object? item, ResourceContext context, CancellationToken cancellationToken) =>
        _transform!(item, context, cancellationToken);

    /// <summary>
    /// Creates a resource with two generators. The one of batches is used for types whose objects can be written as columns.
    /// </summary>
    private static Resource Create<T>(
        string name, ResourceHints? hints, Func<ResourceContext, CancellationToken, IAsyncEnumerable<object?>> generate,
        Func<ResourceContext, CancellationToken, IAsyncEnumerable<object?>> batches)
    {
        TrimmedTypes.Check(typeof(T));
        var hasColumns = DictionaryBatches.Suits(typeof(T)) || RecordBatches<T>.IsPossible;
        return new(name, hints, generate) { GenerateBatches = hasColumns ? batches : null };
    }

    /// <summary>Returns the items that are new to a cursor, as pages of batches.</summary>
    private static IAsyncEnumerable<object?> Filtered<T>(
        IAsyncEnumerable<T> items, IncrementalCursor cursor, CancellationToken cancellationToken)
    {
        ItemBatcher batches = DictionaryBatches.Suits(typeof(T)) ? new DictionaryBatches() : new RecordBatches<T>();
        var sampleOf = FieldSamples.Of<T>(cursor.Path.Field!, cursor.Fields);
        return RecordCursor<T>.FilterAsync(items, batches, cursor, sampleOf, cancellationToken);
    }

    private static async IAsyncEnumerable<object?> FromReader(
        Func<ResourceContext, CancellationToken, Task<DbDataReader>> open, ResourceContext context,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = await open(context, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var pages = new ReaderRows(reader).ReadAsync(cancellationToken);
            await foreach (var page in pages.ConfigureAwait(false)) yield return page;
        }
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
