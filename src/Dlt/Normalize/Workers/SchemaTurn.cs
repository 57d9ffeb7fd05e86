using Dlt.Normalize.Rows;
using Dlt.Schemas;

namespace Dlt.Normalize.Workers;

/// <summary>
/// One worker's part in the order of the data. What a copy of the schema knows stays true when others add tables and columns, so rows that
/// need nothing new are made at any time; a row that does, waits here until all chunks before its own are done, and then sees their
/// changes.
/// </summary>
/// <remarks>
/// The one exception: a new json column keeps objects whole that a row made before took apart. <see cref="TryTake"/> tells.
/// </remarks>
internal sealed class SchemaTurn
{
    private readonly SharedSchema _shared;
    private long _chunk;
    private int _version;
    private int _shapeVersion;
    private int _publishedChanges;
    private bool _areShapesChanged;

    public SchemaTurn(SharedSchema shared)
    {
        _shared = shared;
        Schema = shared.Copy();
        _version = -1;
    }

    /// <summary>The worker's copy.</summary>
    public Schema Schema { get; }

    /// <inheritdoc cref="SharedSchema.Former"/>
    public FormerNames Former => _shared.Former;

    /// <summary>True while the worker may change the schema.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Starts a chunk with the schema as it is published.</summary>
    /// <returns>False when shapes that were learned before may be wrong.</returns>
    public bool Begin(long chunk)
    {
        _chunk = chunk;
        return Refresh();
    }

    /// <summary>Waits for the turn of the chunk.</summary>
    /// <returns>False when the rows of the chunk that were made before may be wrong and must be made again.</returns>
    public bool TryTake()
    {
        if (IsHeld) return true;
        _shared.Turns.Wait(_chunk);
        IsHeld = true;
        return Refresh();
    }

    /// <summary>Objects that were taken apart so far may stay whole from now on.</summary>
    public void ChangeShapes() => _areShapesChanged = true;

    /// <summary>Publishes the changes and lets the next chunk have its turn.</summary>
    public void Pass()
    {
        if (Schema.Changes != _publishedChanges)
        {
            _version = _shared.Publish(Schema, _areShapesChanged);
            if (_areShapesChanged) _shapeVersion++;
            _publishedChanges = Schema.Changes;
        }

        _areShapesChanged = false;
        IsHeld = false;
        _shared.Turns.Pass();
    }

    private bool Refresh()
    {
        var shapes = _shapeVersion;
        (_version, _shapeVersion) = _shared.Refresh(Schema, _version);
        _publishedChanges = Schema.Changes;
        return shapes == _shapeVersion;
    }
}
