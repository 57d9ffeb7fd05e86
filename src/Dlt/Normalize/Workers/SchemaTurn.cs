using Dlt.Names;
using Dlt.Schemas;

namespace Dlt.Normalize.Workers;

/// <summary>
/// Lets one worker change the schema in the order of the data. A worker's copy of the schema stays valid when other workers add tables and
/// columns, so rows that need no change are made at any time. A row that needs one waits here until all earlier chunks are done, and then
/// sees their changes.
/// </summary>
/// <remarks>
/// There is one exception: a new json column keeps objects nested that earlier rows flattened. <see cref="TryTake"/> then returns false.
/// </remarks>
internal sealed class SchemaTurn
{
    private readonly SharedSchema _shared;
    private readonly List<string> _changed = [];   // tables that the worker has changed since it published
    private long _chunk;
    private int _version;
    private int _shapeVersion;
    private int _publishedChanges;
    private bool _areShapesChanged;

    public SchemaTurn(SharedSchema shared)
    {
        _shared = shared;
        (Schema, _version) = shared.Copy();
        Schema.TableSet = _changed.Add;
    }

    /// <summary>The worker's copy of the schema.</summary>
    public Schema Schema { get; }

    /// <inheritdoc cref="SharedSchema.Former"/>
    public FormerNames Former => _shared.Former;

    /// <summary>True while the worker may change the schema.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Starts a chunk with the published schema.</summary>
    /// <returns>False when shapes that were learned earlier may be wrong.</returns>
    public bool Begin(long chunk)
    {
        _chunk = chunk;
        return Refresh();
    }

    /// <summary>Waits for the turn of the chunk.</summary>
    /// <returns>False when rows of the chunk that are already made may be wrong and must be made again.</returns>
    public bool TryTake()
    {
        if (IsHeld) return true;
        _shared.Turns.Wait(_chunk);
        IsHeld = true;
        return Refresh();
    }

    /// <summary>Records that objects that were flattened so far may stay nested from now on.</summary>
    public void ChangeShapes() => _areShapesChanged = true;

    /// <summary>Publishes the changes and gives the turn to the next chunk.</summary>
    public void Pass()
    {
        if (Schema.Changes != _publishedChanges)
        {
            _version = _shared.Publish(Schema, _changed, _areShapesChanged);
            _changed.Clear();
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
        _changed.Clear();
        return shapes == _shapeVersion;
    }
}
