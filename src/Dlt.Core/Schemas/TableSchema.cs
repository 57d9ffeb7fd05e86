using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Dlt.Schemas;

/// <summary>A table: its hints and columns in their order, exactly as the stored schema has them (dlt documentation, Schema).</summary>
public sealed partial class TableSchema
{
    private readonly JsonValue _properties;   // has an empty member "columns" that keeps its position
    private readonly ImmutableArray<ColumnSchema> _columns;
    private readonly Dictionary<string, int> _index;
    private int _rootKey;   // 0: not determined, 1: no, 2: yes

    internal TableSchema(JsonValue properties, ImmutableArray<ColumnSchema> columns)
    {
        _properties = properties.With("columns", JsonValue.EmptyObject);
        _columns = columns;
        _index = new(columns.Length, StringComparer.Ordinal);
        for (var i = 0; i < columns.Length; i++) _index[columns[i].Name] = i;
    }

    /// <summary>Creates a table without columns.</summary>
    public TableSchema(string name, string? parent = null)
        : this(
            parent is null
                ? JsonValue.Object(("name", JsonValue.String(name)), ("columns", JsonValue.EmptyObject))
                : JsonValue.Object(
                    ("name", JsonValue.String(name)), ("parent", JsonValue.String(parent)), ("columns", JsonValue.EmptyObject)),
            [])
    {
    }

    /// <summary>Name of the table: an identifier in the schema's naming convention.</summary>
    public string Name => Text("name") ?? "";

    /// <summary>Name of the parent table; null for a root table.</summary>
    public string? Parent => Text("parent");

    /// <summary>Name of the resource whose rows a root table stores.</summary>
    public string? Resource => Text("resource");

    /// <summary>Columns in stored order, which is part of the schema hash.</summary>
    public ImmutableArray<ColumnSchema> Columns => _columns;

    /// <summary>Columns with a name and a type.</summary>
    public IEnumerable<ColumnSchema> CompleteColumns => _columns.Where(c => c.IsComplete);

    /// <summary>True when nested values become native columns instead of tables.</summary>
    internal bool HasNestedColumns => this[NestedColumnsHint] is { Kind: JsonKind.True };

    internal const string NestedColumnsHint = "x-nested-columns";

    /// <summary>True when rows of the table store the id of their root row.</summary>
    internal bool HasRootKey
    {
        get
        {
            if (_rootKey == 0) _rootKey = _columns.Any(c => c.Has("root_key")) ? 2 : 1;
            return _rootKey == 2;
        }
    }

    /// <summary>True when the table has received a row.</summary>
    public bool HasSeenData => this["x-normalizer"] is { Kind: JsonKind.Object } hints && hints["seen-data"] is { Kind: JsonKind.True };

    /// <summary>Returns a stored property other than the columns; null when it is absent.</summary>
    public JsonValue? this[string property] => _properties[property];

    /// <summary>Returns the text of a property; null when it is absent or not a text.</summary>
    public string? Text(string property) => _properties[property] is { Kind: JsonKind.String } value ? value.AsString() : null;

    /// <summary>Finds the column with a name.</summary>
    public bool TryGetColumn(string name, [NotNullWhen(true)] out ColumnSchema? column)
    {
        column = _index.TryGetValue(name, out var at) ? _columns[at] : null;
        return column is not null;
    }

    /// <summary>Returns a copy with one property set.</summary>
    public TableSchema With(string property, JsonValue value) => new(_properties.With(property, value), _columns);

    /// <summary>Returns a copy without a property.</summary>
    public TableSchema Without(string property) => new(_properties.Without(property), _columns);

    /// <summary>Returns a copy with other columns.</summary>
    public TableSchema WithColumns(IEnumerable<ColumnSchema> columns) => new(_properties, [.. columns]);

    /// <summary>Returns a copy in which a column is replaced in place, or appended.</summary>
    public TableSchema WithColumn(ColumnSchema column) =>
        new(_properties, _index.TryGetValue(column.Name, out var at) ? _columns.SetItem(at, column) : _columns.Add(column));

    /// <summary>Returns a copy that records that the table has received a row.</summary>
    internal TableSchema WithSeenData() => HasSeenData
        ? this
        : With("x-normalizer", (this["x-normalizer"] ?? JsonValue.EmptyObject).With("seen-data", JsonValue.Bool(true)));

    /// <summary>Stored properties other than the columns, in their order.</summary>
    internal IEnumerable<KeyValuePair<string, JsonValue>> Hints => _properties.Members.Where(m => m.Key != "columns");

    /// <summary>Returns the stored form.</summary>
    internal JsonValue ToJson() =>
        _properties.With("columns", JsonValue.Object(_columns.Select(c => KeyValuePair.Create(c.Name, c.Properties))));

    internal static TableSchema FromJson(JsonValue json)
    {
        var columns = json["columns"] ?? throw new SchemaException($"Table '{json["name"]}' has no 'columns'.");
        return new(json, [.. columns.Members.Select(c =>
            new ColumnSchema(c.Value.Members.Contains("name") ? c.Value : c.Value.With("name", JsonValue.String(c.Key))))]);
    }
}
