namespace Dlt.Tests.Support;

/// <summary>A clock that runs ahead of or behind the system clock.</summary>
internal sealed class ShiftedClock(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
