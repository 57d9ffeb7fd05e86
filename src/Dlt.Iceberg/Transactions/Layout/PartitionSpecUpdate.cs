using System.Collections.Immutable;
using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Changes the partition spec for new files. Existing files keep the spec that they were written with (Iceberg table
/// specification).</summary>
public sealed class PartitionSpecUpdate
{
    private readonly TableMetadata _metadata;
    private readonly List<PartitionField> _fields;
    private readonly List<PartitionField> _added = [];
    private int _lastId;

    internal PartitionSpecUpdate(TableMetadata metadata)
    {
        _metadata = metadata;
        _fields = [.. metadata.DefaultSpec.Fields];
        _lastId = metadata.LastPartitionId;
    }

    /// <summary>Partitions new files by a transform of a column.</summary>
    /// <param name="column">Full name of the column.</param>
    /// <param name="transform">Computes the partition value from the value of the column.</param>
    /// <param name="name">Name of the partition field; null derives it from column and transform, such as <c>at_day</c>.</param>
    /// <exception cref="IcebergException">
    /// The column does not exist, the spec already has the field, or this change already adds another unit of time of the column. A unit of
    /// time in addition to one that the table already has is legal.
    /// </exception>
    public PartitionSpecUpdate AddField(string column, Transform transform, string? name = null)
    {
        var source = _metadata.CurrentSchema.Find(column) ?? throw IcebergException.Illegal($"There is no column '{column}'.");
        if (_fields.Exists(f => f.SourceId == source.Id && f.Transform == transform))
            throw IcebergException.Illegal($"The table is already partitioned by {transform} of '{column}'.");
        // A field that any spec of the table has keeps its id.
        var known = _metadata.PartitionSpecs.SelectMany(s => s.Fields)
            .FirstOrDefault(f => f.SourceId == source.Id && f.Transform == transform);
        var field = new PartitionField(source.Id, known?.FieldId ?? ++_lastId, name ?? NameOf(column, transform), transform);
        PartitionRules.CheckAdded([.. _added, field], _metadata.CurrentSchema);
        _added.Add(field);
        _fields.Add(field);
        return this;
    }

    /// <summary>Removes a partition field for new files. In format version 1 it stays in the spec with the transform void.</summary>
    /// <exception cref="IcebergException">The partition field does not exist.</exception>
    public PartitionSpecUpdate RemoveField(string name)
    {
        var at = _fields.FindIndex(f => f.Name == name);
        if (at < 0) throw IcebergException.Illegal($"There is no partition field '{name}'.");
        if (_metadata.FormatVersion == 1) _fields[at] = _fields[at] with { Transform = Transform.Void, Name = name };
        else _fields.RemoveAt(at);
        return this;
    }

    /// <summary>Renames a partition field.</summary>
    /// <exception cref="IcebergException">The partition field does not exist.</exception>
    public PartitionSpecUpdate RenameField(string name, string newName)
    {
        var at = _fields.FindIndex(f => f.Name == name);
        if (at < 0) throw IcebergException.Illegal($"There is no partition field '{name}'.");
        _fields[at] = _fields[at] with { Name = newName };
        return this;
    }

    internal ImmutableArray<PartitionField> Result() => [.. _fields];

    private static string NameOf(string column, Transform transform)
    {
        var parameter = transform switch
        {
            BucketTransform bucket => bucket.Count,
            TruncateTransform truncate => truncate.Width,
            _ => 0,
        };
        var suffix = parameter > 0 ? string.Create(CultureInfo.InvariantCulture, $"_{parameter}") : "";
        return column.Replace('.', '_') + transform.Suffix + suffix;
    }
}
