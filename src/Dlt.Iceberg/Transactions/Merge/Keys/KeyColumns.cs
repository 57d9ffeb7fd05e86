using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Columns whose values together are a key of the rows, such as a primary key.</summary>
/// <param name="fields">The columns, one or more, with primitive types. They may be in structs.</param>
internal sealed class KeyColumns(ImmutableArray<NestedField> fields)
{
    /// <summary>The columns in the order of the key.</summary>
    public ImmutableArray<NestedField> Fields => fields;

    /// <summary>Finds the columns of a key in a table.</summary>
    /// <param name="schema">Schema of the table.</param>
    /// <param name="names">Full names of the columns.</param>
    /// <exception cref="ArgumentException">The table lacks a column, or the column is a struct, a list or a map.</exception>
    public static KeyColumns Of(Schema schema, IEnumerable<string> names) => new([.. names.Select(n => FieldOf(schema, n))]);

    private static NestedField FieldOf(Schema schema, string name)
    {
        if (schema.Find(name) is not { } field)
        {
            var columns = string.Join(", ", schema.Fields.Select(f => $"'{f.Name}'"));
            throw new ArgumentException($"There is no column '{name}' to compare as a key. The table has {columns}.");
        }

        if (!schema.PathTo(field.Id)![..^1].TrueForAll(f => f.Type is StructType))
            throw new ArgumentException($"Column '{name}' is in a list or map and cannot be part of a key: a row can have several of it.");
        return field.Type is PrimitiveType
            ? field : throw new ArgumentException($"Column '{name}' is a struct, list or map and cannot be part of a key.");
    }
}
