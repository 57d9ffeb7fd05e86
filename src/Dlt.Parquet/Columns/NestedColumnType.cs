using System.Collections.Immutable;

namespace Dlt.Parquet;

/// <summary>
/// The parts of a column of lists, structs or maps. Its buffer holds JSON text (<see cref="BytesBuffer"/>): arrays for lists, objects for
/// structs (by the names of the fields; other members are not written) and for maps.
/// </summary>
public abstract record NestedColumnType
{
    private NestedColumnType()
    {
    }

    /// <summary>Lists. Elements may be null.</summary>
    /// <param name="Element">The type of the elements.</param>
    public sealed record List(ColumnType Element) : NestedColumnType;

    /// <summary>Maps. Values may be null, keys not.</summary>
    /// <param name="Key">The type of the keys: one without parts.</param>
    /// <param name="Value">The type of the values.</param>
    public sealed record Map(ColumnType Key, ColumnType Value) : NestedColumnType;

    /// <summary>Structs. Fields may be null.</summary>
    /// <param name="Fields">The fields in the order of the file; one or more, of different names.</param>
    public sealed record Struct(ImmutableArray<ColumnField> Fields) : NestedColumnType
    {
        /// <summary>True for the same fields in the same order.</summary>
        public bool Equals(Struct? other) => other is not null && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan());

        /// <summary>Of all fields.</summary>
        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var field in Fields) hash.Add(field);
            return hash.ToHashCode();
        }
    }
}
