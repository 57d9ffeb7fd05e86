using Dlt.Progress;
using Dlt.Tests.Support;

namespace Dlt.Tests.Terminal.Progress;

/// <summary>Progress as lines, for a pipe or a log file.</summary>
public sealed class PlainProgressTests
{
    private readonly ManualClock _clock = new();
    private readonly StringWriter _lines = new();

    [Fact]
    public void Lines_tell_rows_bytes_pace_and_what_remains()
    {
        var progress = new PlainProgress(_lines, _clock);
        progress.Begin("Extract", "shop");
        progress.Advance("orders", 10, 40);
        progress.Add("orders", 1000, 150_000);
        _clock.Advance(TimeSpan.FromSeconds(5));
        progress.Add("orders", 1000, 150_000);
        progress.Wait("GET https://api/orders answered 429", TimeSpan.FromSeconds(1.5));
        progress.Wait("GET https://api/orders answered 503", TimeSpan.FromSeconds(4));
        _clock.Advance(TimeSpan.FromSeconds(15));
        progress.Advance("orders", 40, 40);
        progress.Add("orders", 2000, 300_000);
        progress.End();
        Verified.Matches(_lines.ToString(), "extract");
    }

    [Theory]
    [InlineData(0, 10, "0 %")]
    [InlineData(10, 10, "100 %")]
    [InlineData(20, 10, "100 %")]
    [InlineData(999, 1000, "99 %, about 1 s left")]
    [InlineData(1, 100, "1 %, about 17 min left")]
    [InlineData(1, 0, "")]
    [InlineData(1, null, "")]
    public void What_remains_is_a_share_and_a_time_where_the_total_is_known(long done, int? total, string expected)
    {
        var counters = new TableCounters(_clock);
        counters.Advance("t", done, total);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(expected, counters.Remaining(counters["t"]));
    }

    [Fact]
    public void A_wait_is_shown_while_it_lasts()
    {
        var counters = new TableCounters(_clock);
        Assert.Null(counters.CurrentWait);
        counters.Wait("Glue is slow", TimeSpan.FromSeconds(4));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("Glue is slow", TimeSpan.FromSeconds(3)), counters.CurrentWait);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(counters.CurrentWait);
        Assert.Equal("1 wait before something was tried again, 4.0 s together", counters.WaitSummary);
    }
}
