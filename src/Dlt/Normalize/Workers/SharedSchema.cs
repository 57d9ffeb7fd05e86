using Dlt.Normalize.Rows;
using Dlt.Schemas;

namespace Dlt.Normalize.Workers;

/// <summary>
/// The schema of a package while several workers normalise it. Each works on a copy; changes are published in the order of the data.
/// </summary>
internal sealed class SharedSchema(Schema schema)
{
    private readonly Lock _lock = new();
    private int _version;
    private int _shapeVersion;

    /// <summary>Names that the schema had at the beginning of the package.</summary>
    public FormerNames Former { get; } = new(schema);

    /// <summary>Whose turn it is to change the schema.</summary>
    public Turns Turns { get; } = new();

    public Schema Copy()
    {
        lock (_lock) return schema.Copy();
    }

    /// <summary>Brings a copy to the published state.</summary>
    public (int Version, int ShapeVersion) Refresh(Schema copy, int versionOfCopy)
    {
        lock (_lock)
        {
            if (versionOfCopy != _version) copy.TakeTables(schema);
            return (_version, _shapeVersion);
        }
    }

    /// <summary>Makes the state of a copy the published one.</summary>
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
