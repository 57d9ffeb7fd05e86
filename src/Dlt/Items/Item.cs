using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json;
using Apache.Arrow;
using Dlt.Batches;
using Dlt.Extract;
using Dlt.Json;

namespace Dlt.Items;

/// <summary>
/// One item of a resource on its way to the package. User code yields plain objects; <see cref="Of(object?)"/> finds out once what each
/// of them is.
/// </summary>
internal readonly struct Item
{
    private static readonly ConcurrentDictionary<Type, bool> Lists = new();

    private static readonly Type[] OwnForms =
    [
        typeof(string), typeof(JsonValue), typeof(RawJson), typeof(RecordBatch), typeof(ItemBatch), typeof(EmptyTable),
        typeof(RejectedRecord), typeof(TableItem), typeof(HintedItem),
    ];

    private Item(ItemKind kind, object? value, string? table) => (Kind, Value, Table) = (kind, value, table);

    /// <summary>The form of the item.</summary>
    public ItemKind Kind { get; }

    /// <summary>The object that user code yielded, or the content that belongs to <see cref="Kind"/>.</summary>
    public object? Value { get; }

    /// <summary>The table that the item is marked for, as given; null for the table of its resource.</summary>
    public string? Table { get; }

    /// <summary>The document of <see cref="ItemKind.RawJson"/>.</summary>
    public RawJson RawJson => (RawJson)Value!;

    /// <summary>The rows of <see cref="ItemKind.Batch"/>.</summary>
    public ItemBatch Batch => (ItemBatch)Value!;

    /// <summary>The rows of <see cref="ItemKind.ArrowTable"/>.</summary>
    public RecordBatch ArrowTable => (RecordBatch)Value!;

    /// <summary>The record of <see cref="ItemKind.Rejected"/>.</summary>
    public RejectedRecord Rejected => (RejectedRecord)Value!;

    /// <summary>The hints of <see cref="ItemKind.Hints"/>.</summary>
    public HintsChange Hints => (HintsChange)Value!;

    /// <summary>The number of rows, where JSON text counts as one: it is split later.</summary>
    public int Rows => Kind switch
    {
        ItemKind.Batch => Batch.Rows.Length,
        ItemKind.ArrowTable => ArrowTable.Length,
        ItemKind.EmptyTable or ItemKind.NoItems or ItemKind.Hints => 0,
        _ => 1,
    };

    /// <summary>The items of a page, without the marks around them; a single object is a page of one item.</summary>
    /// <param name="page">What user code yielded: an item, a list of items, or either of them with a mark.</param>
    /// <returns>
    /// At least one item. A list is read as the result is read, again each time, and each item is made when its turn comes: a generator may
    /// fill the same object again for the next one.
    /// </returns>
    public static IEnumerable<Item> Of(object? page) => Of(page, null);

    /// <summary>Rows as columns, for the same table.</summary>
    public Item With(ItemBatch batch) => new(ItemKind.Batch, batch, Table);

    /// <summary>A part of an Arrow table, for the same table.</summary>
    public Item With(RecordBatch batch) => new(ItemKind.ArrowTable, batch, Table);

    /// <summary>JSON text, for the same table.</summary>
    public Item With(RawJson json) => new(ItemKind.RawJson, json, Table);

    /// <summary>The same item, for a table.</summary>
    /// <param name="table">The table's name as given; null for the table of the resource.</param>
    public Item For(string? table) => new(Kind, Value, table);

    /// <summary>A page without items.</summary>
    public static Item None(string? table = null) => new(ItemKind.NoItems, null, table);

    /// <summary>Rows as columns, for the table of the resource.</summary>
    public static Item OfBatch(ItemBatch batch) => new(ItemKind.Batch, batch, null);

    /// <summary>One row of the table of the resource.</summary>
    public static Item OfValue(object? value) => new(ItemKind.Value, value, null);

    /// <summary>True for types whose objects are items of a form of their own, or marks around items.</summary>
    public static bool HasOwnForm(Type type) => OwnForms.Any(type.IsAssignableTo);

    private static IEnumerable<Item> Of(object? page, string? table) => page switch
    {
        HintedItem hinted => OfHinted(hinted, table),
        TableItem marked => Of(marked.Item, marked.Table),
        _ => ElementsOf(page) is { } list ? OfList(list, table) : [OfOne(page, table)],
    };

    /// <summary>The hints, then the items. Hints of a variant name the table that they and the items are for.</summary>
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

    /// <summary>An object without a mark. A list within a page is one item: a JSON array.</summary>
    private static Item OfOne(object? item, string? table) => new(KindOf(item), item, table);

    private static ItemKind KindOf(object? item) => item switch
    {
        null or string or JsonValue => ItemKind.Value,
        Dlt.RawJson => ItemKind.RawJson,
        ItemBatch => ItemKind.Batch,
        RecordBatch => ItemKind.ArrowTable,
        EmptyTable => ItemKind.EmptyTable,
        RejectedRecord => ItemKind.Rejected,
        _ => ItemKind.Value,
    };

    /// <summary>The elements of a page of many items; null for a single item.</summary>
    private static IEnumerable? ElementsOf(object? page) => page switch
    {
        null or string or IDictionary or byte[] or Dlt.RawJson or RecordBatch or ItemBatch => null,
        JsonValue json => json.Kind == JsonKind.Array ? json.Items : null,
        JsonElement { ValueKind: JsonValueKind.Array } element => element.EnumerateArray(),
        IEnumerable<KeyValuePair<string, object?>> => null,
        IEnumerable list when Lists.GetOrAdd(page.GetType(), IsList) => list,
        _ => null,
    };

    /// <summary>True when the elements are all that an object has: one with properties of its own is an item.</summary>
    private static bool IsList(Type type) => type.IsArray || !type.GetProperties().Any(p =>
        p.GetIndexParameters().Length == 0
        && p.Name is not ("Count" or "Length" or "Capacity" or "IsReadOnly" or "IsSynchronized" or "SyncRoot" or "IsFixedSize"
            or "IsEmpty" or "IsDefault" or "IsDefaultOrEmpty" or "Comparer"));
}
