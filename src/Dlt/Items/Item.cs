using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json;
using Apache.Arrow;

namespace Dlt.Items;

/// <summary>
/// One item of a resource, passed from the generator to the writer. User code yields plain objects; <see cref="Of(object?)"/> determines
/// the kind of each object once.
/// </summary>
internal readonly struct Item
{
    private static readonly ConcurrentDictionary<Type, bool> Lists = new();

    private static readonly Type[] OwnForms =
    [
        typeof(string), typeof(JsonValue), typeof(RawJson), typeof(RecordBatch), typeof(ItemBatch), typeof(EmptyTable),
        typeof(UnchangedTable), typeof(RejectedRecord), typeof(TableItem), typeof(HintedItem),
    ];

    private Item(ItemKind kind, object? value, string? table) => (Kind, Value, Table) = (kind, value, table);

    /// <summary>Kind of the item, which determines the type of <see cref="Value"/>.</summary>
    public ItemKind Kind { get; }

    /// <summary>The object that user code yielded, or the value that belongs to <see cref="Kind"/>.</summary>
    public object? Value { get; }

    /// <summary>Name of the table that the item is marked for, not normalized; null for the table of its resource.</summary>
    public string? Table { get; }

    /// <summary>JSON document of an item of kind <see cref="ItemKind.RawJson"/>.</summary>
    public RawJson RawJson => Value is SplitJson split ? split.Document : (RawJson)Value!;

    /// <summary>The items of an item of kind <see cref="ItemKind.RawJson"/>, one line each.</summary>
    /// <exception cref="JsonFormatException">The document is not valid JSON.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Lines => Value is SplitJson split ? split.Lines : RawJsonLines.Of((RawJson)Value!);

    /// <summary>True when some of the items of a JSON document may be left out.</summary>
    public bool IsSplit => Value is SplitJson;

    /// <summary>Rows of an item of kind <see cref="ItemKind.Batch"/>.</summary>
    public ItemBatch Batch => (ItemBatch)Value!;

    /// <summary>Rows of an item of kind <see cref="ItemKind.ArrowTable"/>.</summary>
    public RecordBatch ArrowTable => (RecordBatch)Value!;

    /// <summary>Record of an item of kind <see cref="ItemKind.Rejected"/>.</summary>
    public RejectedRecord Rejected => (RejectedRecord)Value!;

    /// <summary>Hints of an item of kind <see cref="ItemKind.Hints"/>.</summary>
    public HintsChange Hints => (HintsChange)Value!;

    /// <summary>Number of rows. JSON text counts as one row, because it is split later.</summary>
    public int Rows => Kind switch
    {
        ItemKind.Batch => Batch.Rows.Length,
        ItemKind.ArrowTable => ArrowTable.Length,
        ItemKind.EmptyTable or ItemKind.NoItems or ItemKind.Unchanged or ItemKind.Hints => 0,
        ItemKind.RawJson when Value is SplitJson split => split.Lines.Count,
        _ => 1,
    };

    /// <summary>Returns the items of a page, without the marks around them. A single object is a page of one item.</summary>
    /// <param name="page">Object that user code yielded: an item, a list of items, or either of them with a mark.</param>
    /// <returns>
    /// At least one item. The result is lazy: enumerating it reads the list, and each item is created when it is reached, because a
    /// generator may reuse one object for all items.
    /// </returns>
    public static IEnumerable<Item> Of(object? page) => Of(page, null);

    /// <summary>True when user code yielded a list of items or rows as columns; false for a single item.</summary>
    /// <param name="page">Object that user code yielded.</param>
    public static bool IsPage(object? page) => page switch
    {
        HintedItem hinted => IsPage(hinted.Item),
        TableItem marked => IsPage(marked.Item),
        RecordBatch or ItemBatch => true,
        Dlt.RawJson json => json.Utf8.Span.TrimStart(" \t\r\n"u8) is [(byte)'[', ..],
        _ => ElementsOf(page) is not null,
    };

    /// <summary>Returns an item of rows as columns, for the same table.</summary>
    public Item With(ItemBatch batch) => new(ItemKind.Batch, batch, Table);

    /// <summary>Returns an item with a part of an Arrow table, for the same table.</summary>
    public Item With(RecordBatch batch) => new(ItemKind.ArrowTable, batch, Table);

    /// <summary>Returns an item of JSON text, for the same table.</summary>
    public Item With(RawJson json) => new(ItemKind.RawJson, json, Table);

    /// <summary>Returns an item of the items of a JSON document, for the same table.</summary>
    public Item With(SplitJson json) => new(ItemKind.RawJson, json, Table);

    /// <summary>Returns the same item for another table.</summary>
    /// <param name="table">Name of the table, not normalized; null for the table of the resource.</param>
    public Item For(string? table) => new(Kind, Value, table);

    /// <summary>Creates the item that represents a page without items.</summary>
    public static Item None(string? table = null) => new(ItemKind.NoItems, null, table);

    /// <summary>Creates an item of rows as columns, for the table of the resource.</summary>
    public static Item OfBatch(ItemBatch batch) => new(ItemKind.Batch, batch, null);

    /// <summary>Creates an item of one row, for the table of the resource.</summary>
    public static Item OfValue(object? value) => new(ItemKind.Value, value, null);

    /// <summary>Returns whether objects of a type have their own kind of item, or are marks around items.</summary>
    public static bool HasOwnForm(Type type) => OwnForms.Any(type.IsAssignableTo);

    private static IEnumerable<Item> Of(object? page, string? table) => page switch
    {
        HintedItem hinted => OfHinted(hinted, table),
        TableItem marked => Of(marked.Item, marked.Table),
        _ => ElementsOf(page) is { } list ? OfList(list, table) : [OfOne(page, table)],
    };

    /// <summary>Returns the hints, then the items. Hints of a variant name the table that they and the items are for.</summary>
    private static IEnumerable<Item> OfHinted(HintedItem hinted, string? table)
    {
        var isAlone = hinted.Item is null or ICollection { Count: 0 };
        yield return new(ItemKind.Hints, new HintsChange(hinted.Hints, hinted.CreateTableVariant, isAlone), null);
        if (isAlone) yield break;
        foreach (var item in Of(hinted.Item, hinted.CreateTableVariant ? hinted.Hints.TableName : table)) yield return item;
    }

    private static IEnumerable<Item> OfList(IEnumerable list, string? table)
    {
        var isEmpty = true;
        foreach (var element in list)
        {
            isEmpty = false;
            if (element is not (HintedItem or TableItem)) yield return OfOne(element, table);
            else
                foreach (var item in Of(element, table)) yield return item;
        }

        if (isEmpty) yield return None(table);
    }

    /// <summary>Returns the item of an object without a mark. A list within a page is one item: a JSON array.</summary>
    private static Item OfOne(object? item, string? table) => new(KindOf(item), item, table);

    private static ItemKind KindOf(object? item) => item switch
    {
        null or string or JsonValue => ItemKind.Value,
        Dlt.RawJson => ItemKind.RawJson,
        ItemBatch => ItemKind.Batch,
        RecordBatch => ItemKind.ArrowTable,
        EmptyTable => ItemKind.EmptyTable,
        UnchangedTable => ItemKind.Unchanged,
        RejectedRecord => ItemKind.Rejected,
        _ => ItemKind.Value,
    };

    /// <summary>Returns the elements of a page of several items; null for a single item.</summary>
    private static IEnumerable? ElementsOf(object? page) => page switch
    {
        null or string or IDictionary or byte[] or Dlt.RawJson or RecordBatch or ItemBatch => null,
        JsonValue json => json.Kind == JsonKind.Array ? json.Items : null,
        JsonElement { ValueKind: JsonValueKind.Array } element => element.EnumerateArray(),
        IEnumerable<KeyValuePair<string, object?>> => null,
        IEnumerable list when Lists.GetOrAdd(page.GetType(), IsList) => list,
        _ => null,
    };

    /// <summary>Returns whether objects of the type are nothing but lists. An object with other properties is an item.</summary>
    private static bool IsList(Type type) => type.IsArray || !type.GetProperties().Any(p =>
        p.GetIndexParameters().Length == 0
        && p.Name is not ("Count" or "Length" or "Capacity" or "IsReadOnly" or "IsSynchronized" or "SyncRoot" or "IsFixedSize"
            or "IsEmpty" or "IsDefault" or "IsDefaultOrEmpty" or "Comparer"));
}
