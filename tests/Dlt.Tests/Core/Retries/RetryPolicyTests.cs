using Dlt.Internal;
using Dlt.Retries;

namespace Dlt.Tests.Core.Retries;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Policy =
        new() { Attempts = 100, FirstWait = TimeSpan.FromMilliseconds(200), MaxWait = TimeSpan.FromSeconds(10) };

    [Theory]
    [InlineData(1, 100, 200)]
    [InlineData(2, 200, 400)]
    [InlineData(5, 1600, 3200)]
    [InlineData(7, 5000, 10_000)]
    [InlineData(33, 5000, 10_000)]
    [InlineData(64, 5000, 10_000)]
    [InlineData(int.MaxValue, 5000, 10_000)]
    public void Waits_double_up_to_the_longest_with_jitter_in_their_upper_half(int attempt, int least, int most)
    {
        Assert.Equal(least, Policy.Wait(attempt, random: 0).TotalMilliseconds, 0.001);
        Assert.Equal(most, Policy.Wait(attempt, random: 0.999_999_999).TotalMilliseconds, 0.001);
    }

    [Fact]
    public void Retry_after_of_the_service_is_respected_up_to_a_minute_and_zero_is_ignored()
    {
        Assert.Equal(TimeSpan.FromSeconds(3), Policy.Wait(1, TimeSpan.FromSeconds(3)));
        Assert.Equal(TimeSpan.FromMinutes(1), Policy.Wait(1, TimeSpan.FromHours(1)));
        foreach (var nothing in new[] { -3, 0 })
            Assert.InRange(Policy.Wait(1, TimeSpan.FromSeconds(nothing)).TotalMilliseconds, 100, 200);
    }
}
