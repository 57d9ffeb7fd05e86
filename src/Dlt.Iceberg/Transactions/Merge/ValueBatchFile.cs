namespace Dlt.Iceberg;

/// <summary>A data file that is read as rows, in one part.</summary>
/// <param name="batches">The rows.</param>
internal sealed class ValueBatchFile(IAsyncEnumerable<RowBatch> batches) : RowBatchFile
{
    public override int Parts => 1;

    public override long? Rows => null;

    public override ValueTask<bool> MayMatchAsync(int part, RowCondition condition, CancellationToken cancellationToken) => new(true);

    public override IAsyncEnumerable<RowBatch> ReadAsync(int part, CancellationToken cancellationToken) => batches;
}
