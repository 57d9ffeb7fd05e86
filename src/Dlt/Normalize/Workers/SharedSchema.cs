using Dlt.Names;
using Dlt.Schemas;

namespace Dlt.Normalize.Workers;

/// <summary>
/// The schema of a package while several workers normalise it. Each worker has a copy, and changes are published in the order of the data.
/// </summary>
internal sealed class SharedSchema(Schema schema)
{
    private readonly Lock _lock = new();
    private int _version;
    private int _shapeVersion;

    /// <summary>Names that the schema had at the beginning of the package.</summary>
    public FormerNames Former { get; } = new(schema);

    /// <summary>Turns of the chunks to change the schema.</summary>
    public Turns Turns { get; } = new();

    public Schema Copy()
    {
        lock (_lock) return schema.Copy();
    }

    /// <summary>Updates a copy to the published schema.</summary>
    public (int Version, int ShapeVersion) Refresh(Schema copy, int versionOfCopy)
    {
        lock (_lock)
        {
            if (versionOfCopy != _version) copy.TakeTables(schema);
            return (_version, _shapeVersion);
        }
    }

    /// <summary>Publishes the schema of a copy.</summary>
    public int Publish(Schema copy, bool areShapesChanged)
    {
        lock (_lock)
        {
            schema.TakeTables(copy);
            if (areShapesChanged) _shapeVersion++;
            return ++_version;
        }
    }
}
