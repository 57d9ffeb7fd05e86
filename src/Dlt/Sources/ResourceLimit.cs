using Apache.Arrow;
using Dlt.Batches;
using Dlt.Extract;

namespace Dlt;

/// <summary>Where a generator ends early (spec/pipeline.md 1.4, add_limit).</summary>
internal sealed record ResourceLimit(int? MaxItems, TimeSpan? MaxTime, bool CountsRows)
{
    public Counter Begin(TimeProvider time) => new(this, time);

    /// <summary>One run's count.</summary>
    internal sealed class Counter(ResourceLimit limit, TimeProvider time)
    {
        private readonly long _started = time.GetTimestamp();
        private long _items;

        public bool IsReached => _items >= limit.MaxItems || time.GetElapsedTime(_started) > limit.MaxTime;

        public void Count(object? page) => _items += limit.CountsRows ? ItemWriter.ItemsOf(page).Sum(RowsOf) : 1;

        private static int RowsOf(object? item) => item switch
        {
            RecordBatch batch => batch.Length,
            ItemBatch batch => batch.Rows.Length,
            TableItem marked => ItemWriter.ItemsOf(marked.Item).Sum(RowsOf),
            HintsChange or EmptyTable => 0,
            _ => 1,
        };
    }
}
