using Dlt.Aws;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Calls;

/// <summary>The rate of calls after a service has throttled one.</summary>
public sealed class CallRateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Calls_are_not_limited_until_one_is_throttled()
    {
        var clock = new StepClock();
        var rate = new CallRate(clock);
        for (var n = 0; n < 1000; n++) Assert.True(rate.WaitAsync(Cancellation).IsCompleted);
    }

    [Fact]
    public void After_a_throttled_call_the_next_ones_go_out_at_two_thirds_of_the_rate_so_far()
    {
        var clock = new StepClock();
        var rate = new CallRate(clock);
        for (var n = 0; n < 100; n++) _ = rate.WaitAsync(Cancellation);
        rate.Throttle();
        rate.Throttle();   // an answer to a call that was under way at the same time
        Assert.Equal(70, rate.Rate, 3);
        var waits = Enumerable.Range(0, 70).Select(_ => rate.WaitAsync(Cancellation)).ToArray();
        Assert.DoesNotContain(waits, w => w.IsCompleted);
        Assert.InRange(clock.Longest.TotalSeconds, 0.98, 1.02);
    }

    [Fact]
    public void The_rate_grows_while_nothing_is_throttled_until_there_is_no_limit()
    {
        var clock = new StepClock();
        var rate = new CallRate(clock);
        for (var n = 0; n < 10; n++) _ = rate.WaitAsync(Cancellation);
        rate.Throttle();
        var before = rate.Rate;
        clock.Advance(TimeSpan.FromSeconds(5));
        _ = rate.WaitAsync(Cancellation);
        Assert.InRange(rate.Rate, before * 1.5, before * 2);
        clock.Advance(TimeSpan.FromSeconds(30));
        _ = rate.WaitAsync(Cancellation);
        Assert.Equal(double.PositiveInfinity, rate.Rate);
    }

    [Fact]
    public void Clients_of_one_account_at_one_host_share_the_rate_of_an_operation()
    {
        var clock = new StepClock();
        var rate = CallRate.Of(clock, "AK", "glue.eu-central-1.amazonaws.com", "GetTable");
        Assert.Same(rate, CallRate.Of(clock, "AK", "glue.eu-central-1.amazonaws.com", "GetTable"));
        Assert.NotSame(rate, CallRate.Of(clock, "AK", "glue.eu-west-1.amazonaws.com", "GetTable"));
        Assert.NotSame(rate, CallRate.Of(clock, "AK", "glue.eu-central-1.amazonaws.com", "UpdateTable"));
        Assert.NotSame(rate, CallRate.Of(clock, "BK", "glue.eu-central-1.amazonaws.com", "GetTable"));
    }

    [Theory]
    [InlineData("AKIARTX3GSDSQEAQCAIB", "111122223333")]
    [InlineData("ASIARTX3GSDSQIBAEAQC", "111122223333")]
    [InlineData("AKIAWO645SY5AEAQCAIB", "444455556666")]
    [InlineData("AKIAIOSFODNN7EXAMPLE", null)]   // of 2011
    [InlineData("AKIARTX3GSDSQEAQCAI", null)]
    [InlineData("AKIA0189GSDSQEAQCAIB", null)]
    [InlineData("testing", null)]
    [InlineData(null, null)]
    public void The_account_is_in_the_access_key(string? key, string? account) => Assert.Equal(account, CallAccount.OfKey(key));

    [Theory, InlineData("ASIARTX3GSDSQIBAEAQC", true), InlineData("AKIAWO645SY5AEAQCAIB", false)]
    public async Task Two_logins_of_an_account_share_the_rate_and_those_of_two_accounts_do_not(string other, bool isShared)
    {
        var isBusy = true;
        await using var server = new LoopbackServer(async (call, _) =>
        {
            call.Response.StatusCode = 400;
            await LoopbackServer.WriteAsync(call, isBusy
                ? """{"__type":"ThrottlingException","Message":"Rate exceeded"}"""
                : """{"__type":"EntityNotFoundException","Message":"Table t not found."}""");
            isBusy = false;
        });
        using var first = ClientOf("AKIARTX3GSDSQEAQCAIB", server.Url);
        Assert.Null(await new AwsGlueCatalog(first).GetTableAsync("ds", "t", Cancellation));
        using var second = ClientOf(other, server.Url);
        Assert.Null(await new AwsGlueCatalog(second).GetTableAsync("ds", "t", Cancellation));
        var account = CallAccount.OfKey(other)!;
        var rate = CallRate.Of(TimeProvider.System, account, new Uri(server.Url).Authority, "GetTable").Rate;
        Assert.Equal(isShared, double.IsFinite(rate));
    }

    [Fact, Scenario("X-05")]
    public async Task A_service_that_throttles_above_a_rate_is_called_less_and_every_call_succeeds()
    {
        var answered = new Queue<long>();
        var throttled = 0;
        await using var server = new LoopbackServer(async (call, _) =>
        {
            bool isBusy;
            lock (answered)
            {
                var now = TimeProvider.System.GetTimestamp();
                while (answered.TryPeek(out var old) && TimeProvider.System.GetElapsedTime(old, now) > TimeSpan.FromSeconds(1))
                    answered.Dequeue();
                isBusy = answered.Count >= 40;
                if (isBusy) throttled++;
                else answered.Enqueue(now);
            }

            call.Response.StatusCode = 400;
            await LoopbackServer.WriteAsync(call, isBusy
                ? """{"__type":"ThrottlingException","Message":"Rate exceeded"}"""
                : """{"__type":"EntityNotFoundException","Message":"Table t not found."}""");
        });
        await using var account = Moto.Open(server.Url);
        Assert.Null(await account.Glue.GetTableAsync("ds", "t", Cancellation));
        var found = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => account.Glue.GetTableAsync("ds", "t", Cancellation)));
        Assert.All(found, Assert.Null);
        Assert.InRange(throttled, 0, 400);   // without a common rate there are some 600
    }

    private static GlueClient ClientOf(string key, string url) => new(AwsLogin.Resolve(Moto.Credentials(url) with { AccessKeyId = key }));

    /// <summary>A clock that a test moves; it records the longest wait that was asked for.</summary>
    private sealed class StepClock : TimeProvider
    {
        private long _now = 1;

        public TimeSpan Longest { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > Longest) Longest = dueTime;
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
