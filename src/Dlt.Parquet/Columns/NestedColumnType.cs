using System.Collections.Immutable;

namespace Dlt.Parquet;

/// <summary>
/// Structure of a column of lists, structs or maps. Its buffer (<see cref="BytesBuffer"/>) holds JSON text: arrays for lists, objects for
/// maps and structs. Members that are not fields of the struct are ignored.
/// </summary>
public abstract record NestedColumnType
{
    private NestedColumnType()
    {
    }

    /// <summary>A list type. Elements may be null.</summary>
    /// <param name="Element">Type of the elements.</param>
    public sealed record List(ColumnType Element) : NestedColumnType;

    /// <summary>A map type. Values may be null, keys may not.</summary>
    /// <param name="Key">Type of the keys: a scalar type.</param>
    /// <param name="Value">Type of the values.</param>
    public sealed record Map(ColumnType Key, ColumnType Value) : NestedColumnType;

    /// <summary>A struct type. Fields may be null.</summary>
    /// <param name="Fields">Fields in the order of the file: at least one, with distinct names.</param>
    public sealed record Struct(ImmutableArray<ColumnField> Fields) : NestedColumnType
    {
        /// <summary>Returns true when the other type has the same fields in the same order.</summary>
        public bool Equals(Struct? other) => other is not null && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan());

        /// <summary>Combines the hash codes of all fields.</summary>
        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var field in Fields) hash.Add(field);
            return hash.ToHashCode();
        }
    }
}
