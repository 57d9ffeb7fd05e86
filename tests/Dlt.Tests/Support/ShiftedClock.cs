namespace Dlt.Tests.Support;

/// <summary>A clock that is ahead or behind.</summary>
internal sealed class ShiftedClock(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
