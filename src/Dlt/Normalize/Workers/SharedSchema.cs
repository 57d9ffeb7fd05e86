using Dlt.Names;
using Dlt.Schemas;

namespace Dlt.Normalize.Workers;

/// <summary>
/// The schema of a package while several workers normalise it. Each worker has a copy, and changes are published in the order of the data:
/// the tables that were added or replaced, so that the work for a new table does not grow with the number of tables.
/// </summary>
internal sealed class SharedSchema(Schema schema)
{
    private readonly Lock _lock = new();
    private readonly List<string> _published = [];   // names of tables in the order in which they were published
    private int _shapeVersion;

    /// <summary>Names that the schema had at the beginning of the package.</summary>
    public FormerNames Former { get; } = new(schema);

    /// <summary>Turns of the chunks to change the schema.</summary>
    public Turns Turns { get; } = new();

    /// <summary>Copies the schema.</summary>
    /// <returns>The copy with its version.</returns>
    public (Schema Copy, int Version) Copy()
    {
        lock (_lock) return (schema.Copy(), _published.Count);
    }

    /// <summary>Updates a copy to the published schema.</summary>
    /// <param name="copy">The copy; it has no changes of its own.</param>
    /// <param name="version">Version of the copy.</param>
    public (int Version, int ShapeVersion) Refresh(Schema copy, int version)
    {
        lock (_lock)
        {
            for (var i = version; i < _published.Count; i++) copy.Set(schema.Table(_published[i]));
            TakeNormalizers(copy, schema);
            return (_published.Count, _shapeVersion);
        }
    }

    /// <summary>Publishes changes of a copy that was up to date before them.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="tables">Names of the changed tables, in the order of the changes.</param>
    /// <param name="areShapesChanged">True when objects may stay nested from now on.</param>
    /// <returns>The new version.</returns>
    public int Publish(Schema copy, IEnumerable<string> tables, bool areShapesChanged)
    {
        lock (_lock)
        {
            foreach (var table in tables.Distinct(StringComparer.Ordinal))
            {
                schema.Set(copy.Table(table));
                _published.Add(table);
            }

            TakeNormalizers(schema, copy);
            if (areShapesChanged) _shapeVersion++;
            return _published.Count;
        }
    }

    private static void TakeNormalizers(Schema to, Schema from)
    {
        if (!ReferenceEquals(to.Normalizers, from.Normalizers)) to.Normalizers = from.Normalizers;
    }
}
