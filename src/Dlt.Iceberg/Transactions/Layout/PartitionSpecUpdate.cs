using System.Collections.Immutable;
using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Changes of the partition spec for new files; those that are there keep theirs (Iceberg table specification).</summary>
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
    /// <param name="transform">What of it.</param>
    /// <param name="name">Name of the partition value; made of both by default.</param>
    /// <exception cref="IcebergException">
    /// There is no such column, it is partitioned so already, or in this very change by another unit of time. A unit of time beside one
    /// that the table has is legal.
    /// </exception>
    public PartitionSpecUpdate AddField(string column, Transform transform, string? name = null)
    {
        var source = _metadata.CurrentSchema.Find(column) ?? throw IcebergException.Illegal($"There is no column '{column}'.");
        if (_fields.Exists(f => f.SourceId == source.Id && f.Transform == transform))
            throw IcebergException.Illegal($"The table is partitioned by {transform} of '{column}' already.");
        var parameter = transform switch { BucketTransform bucket => bucket.Count, TruncateTransform truncate => truncate.Width, _ => 0 };
        var own = name ?? column.Replace('.', '_') + transform.Suffix
            + (parameter > 0 ? string.Create(CultureInfo.InvariantCulture, $"_{parameter}") : "");
        // A field that some spec had keeps its id.
        var known = _metadata.PartitionSpecs.SelectMany(s => s.Fields)
            .FirstOrDefault(f => f.SourceId == source.Id && f.Transform == transform);
        var field = new PartitionField(source.Id, known?.FieldId ?? ++_lastId, own, transform);
        PartitionRules.CheckAdded([.. _added, field], _metadata.CurrentSchema);
        _added.Add(field);
        _fields.Add(field);
        return this;
    }

    /// <summary>Partitions new files no longer by a field; version 1 keeps its place with the transform void.</summary>
    /// <exception cref="IcebergException">There is no such partition field.</exception>
    public PartitionSpecUpdate RemoveField(string name)
    {
        var at = _fields.FindIndex(f => f.Name == name);
        if (at < 0) throw IcebergException.Illegal($"There is no partition field '{name}'.");
        if (_metadata.FormatVersion == 1) _fields[at] = _fields[at] with { Transform = Transform.Void, Name = name };
        else _fields.RemoveAt(at);
        return this;
    }

    /// <summary>Gives a partition field another name.</summary>
    /// <exception cref="IcebergException">There is no such partition field.</exception>
    public PartitionSpecUpdate RenameField(string name, string newName)
    {
        var at = _fields.FindIndex(f => f.Name == name);
        if (at < 0) throw IcebergException.Illegal($"There is no partition field '{name}'.");
        _fields[at] = _fields[at] with { Name = newName };
        return this;
    }

    internal ImmutableArray<PartitionField> Result() => [.. _fields];
}
