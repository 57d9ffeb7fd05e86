using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Dlt.Iceberg;

/// <summary>Names and types of a table's columns (Iceberg table specification).</summary>
public sealed class Schema
{
    private readonly Dictionary<int, (NestedField Field, string Name, int? Parent)> _byId = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);

    /// <summary>Creates a schema.</summary>
    /// <param name="fields">Top-level fields in order.</param>
    /// <param name="schemaId">Id of the schema in its table.</param>
    /// <param name="identifierFieldIds">Ids of the fields that identify a row.</param>
    /// <exception cref="ArgumentException">Two fields have the same id or the same full name.</exception>
    public Schema(ImmutableArray<NestedField> fields, int schemaId = 0, ImmutableArray<int> identifierFieldIds = default)
    {
        Struct = new(fields);
        SchemaId = schemaId;
        IdentifierFieldIds = identifierFieldIds.IsDefault ? [] : identifierFieldIds;
        Index(fields, "", null);
    }

    /// <summary>Id of the schema in its table.</summary>
    public int SchemaId { get; }

    /// <summary>The columns as one struct.</summary>
    public StructType Struct { get; }

    /// <summary>Top-level fields in order.</summary>
    public ImmutableArray<NestedField> Fields => Struct.Fields;

    /// <summary>Ids of the fields that identify a row. The format does not enforce that their values are unique.</summary>
    public ImmutableArray<int> IdentifierFieldIds { get; }

    /// <summary>Highest field id; 0 for a schema without fields.</summary>
    public int HighestFieldId => _byId.Count == 0 ? 0 : _byId.Keys.Max();

    /// <summary>All fields, including nested ones, with their full names (<c>a.b</c>, <c>list.element</c>, <c>map.key</c>).</summary>
    public IEnumerable<(NestedField Field, string FullName)> AllFields => _byId.Values.Select(v => (v.Field, v.Name));

    /// <summary>
    /// Finds a field by its id at any depth; list elements, map keys and map values count as fields. Null if the schema does not have it.
    /// </summary>
    public NestedField? Find(int id) => _byId.TryGetValue(id, out var found) ? found.Field : null;

    /// <summary>Finds a field by its full name; null if the schema does not have it.</summary>
    public NestedField? Find(string fullName) => _byName.TryGetValue(fullName, out var id) ? _byId[id].Field : null;

    /// <summary>Finds the fields with a full name in upper or lower case.</summary>
    internal List<NestedField> FindInAnyCase(string fullName) =>
        [.. _byName.Where(n => n.Key.Equals(fullName, StringComparison.OrdinalIgnoreCase)).Select(n => _byId[n.Value].Field)];

    /// <summary>Full name of a field; null if the schema does not have it.</summary>
    public string? NameOf(int id) => _byId.TryGetValue(id, out var found) ? found.Name : null;

    /// <summary>Id of the field that contains this field; null for top-level fields.</summary>
    internal int? ParentOf(int id) => _byId.TryGetValue(id, out var found) ? found.Parent : null;

    /// <summary>The path from the top-level field to the field with this id; null if the schema does not have it.</summary>
    internal List<NestedField>? PathTo(int id)
    {
        var path = new List<NestedField>();
        for (int? at = id; at is { } current; at = _byId[current].Parent)
        {
            if (!_byId.TryGetValue(current, out var found)) return null;
            path.Insert(0, found.Field);
        }

        return path;
    }

    /// <summary>The same columns under another schema id.</summary>
    internal Schema WithId(int schemaId) => new(Fields, schemaId, IdentifierFieldIds);

    /// <summary>True if fields, types and identifier fields are the same; schema ids may differ.</summary>
    internal bool HasSameColumns(Schema other) =>
        Struct.Equals(other.Struct) && IdentifierFieldIds.ToHashSet().SetEquals(other.IdentifierFieldIds);

    private void Index(ImmutableArray<NestedField> fields, string prefix, int? parent)
    {
        foreach (var field in fields) Index(field, prefix + field.Name, parent);
    }

    [SuppressMessage("Design", "CA1062:Validate arguments of public methods", Justification = "Private.")]
    private void Index(NestedField field, string name, int? parent)
    {
        if (!_byId.TryAdd(field.Id, (field, name, parent)))
            throw new ArgumentException($"Field id {field.Id} belongs to '{_byId[field.Id].Name}' and to '{name}'.", nameof(field));
        if (!_byName.TryAdd(name, field.Id)) throw new ArgumentException($"The schema has two fields '{name}'.", nameof(field));
        switch (field.Type)
        {
            case StructType nested:
                Index(nested.Fields, name + ".", field.Id);
                break;
            case ListType list:
                Index(new NestedField(list.ElementId, "element", list.Element, list.IsElementRequired), name + ".element", field.Id);
                break;
            case MapType map:
                Index(new NestedField(map.KeyId, "key", map.Key, true), name + ".key", field.Id);
                Index(new NestedField(map.ValueId, "value", map.Value, map.IsValueRequired), name + ".value", field.Id);
                break;
        }
    }
}
