using Dlt.Items;

namespace Dlt;

/// <summary>Where a generator ends early (docs/spec/pipeline.md 1.4, add_limit).</summary>
/// <param name="MaxItems">Pages or rows; null for any number.</param>
/// <param name="MaxTime">The time after which no further page is taken; null for none.</param>
/// <param name="CountsRows">True: rows are counted instead of pages.</param>
internal sealed record ResourceLimit(int? MaxItems, TimeSpan? MaxTime, bool CountsRows)
{
    /// <summary>Begins to count for one run.</summary>
    public Counter Begin(TimeProvider time) => new(this, time);

    /// <summary>One run's count.</summary>
    internal sealed class Counter(ResourceLimit limit, TimeProvider time)
    {
        private readonly long _started = time.GetTimestamp();
        private long _items;

        /// <summary>True when the generator ends before its next page.</summary>
        public bool IsReached => _items >= limit.MaxItems || time.GetElapsedTime(_started) > limit.MaxTime;

        /// <summary>Counts a page.</summary>
        public void Count(IEnumerable<Item> page) => _items += limit.CountsRows ? page.Sum(i => (long)i.Rows) : 1;
    }
}
