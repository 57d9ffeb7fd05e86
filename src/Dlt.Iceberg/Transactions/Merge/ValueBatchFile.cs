namespace Dlt.Iceberg;

/// <summary>A data file that is read as rows, in one part.</summary>
/// <param name="batches">The rows.</param>
internal sealed class ValueBatchFile(IAsyncEnumerable<RowBatch> batches) : RowBatchFile
{
    public override int Parts => 1;

    public override long? Rows => null;

    public override bool MayMatch(int part, RowCondition condition) => true;

    public override IAsyncEnumerable<RowBatch> ReadAsync(int part, CancellationToken cancellationToken) => batches;
}
