using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>The hashes of one key for all rows of a batch.</summary>
internal sealed class RowHashes
{
    private readonly UInt128[] _hashes;
    private readonly bool[] _hasNull;

    /// <param name="batch">The rows.</param>
    /// <param name="columns">Columns of the key.</param>
    public RowHashes(RowBatch batch, KeyColumns columns)
    {
        _hashes = new UInt128[batch.Rows];
        _hasNull = new bool[batch.Rows];
        batch.Hash(columns, _hashes, _hasNull);
    }

    /// <summary>The hash of a row's key; 0 when it has a null.</summary>
    public UInt128 Of(int row) => _hashes[row];

    /// <summary>True when the key of a row has a null.</summary>
    public bool HasNull(int row) => _hasNull[row];
}
