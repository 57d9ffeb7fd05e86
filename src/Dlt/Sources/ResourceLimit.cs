using Dlt.Items;

namespace Dlt;

/// <summary>Limit at which a generator ends early (docs/spec/pipeline.md 1.4, add_limit).</summary>
/// <param name="MaxItems">Largest number of pages or rows; null for no limit.</param>
/// <param name="MaxTime">Time after which no further page is read; null for no limit.</param>
/// <param name="CountsRows">True when rows are counted instead of pages.</param>
internal sealed record ResourceLimit(int? MaxItems, TimeSpan? MaxTime, bool CountsRows)
{
    /// <summary>Starts counting for one run.</summary>
    public Counter Begin(TimeProvider time) => new(this, time);

    /// <summary>Counts the pages or rows of one run.</summary>
    internal sealed class Counter(ResourceLimit limit, TimeProvider time)
    {
        private readonly long _started = time.GetTimestamp();
        private long _items;

        /// <summary>True when the limit is reached, and the generator ends before its next page.</summary>
        public bool IsReached => _items >= limit.MaxItems || time.GetElapsedTime(_started) > limit.MaxTime;

        /// <summary>Counts a page, or its rows.</summary>
        public void Count(IEnumerable<Item> page) => _items += limit.CountsRows ? page.Sum(RowsOf) : 1;

        /// <summary>Returns the number of rows of an item: of JSON text, which may be a list, the lines that it becomes.</summary>
        private static long RowsOf(Item item) => item.Kind == ItemKind.RawJson ? RawJsonLines.Of(item.RawJson).Count() : item.Rows;
    }
}
