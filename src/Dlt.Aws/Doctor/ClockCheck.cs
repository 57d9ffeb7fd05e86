using System.Globalization;

namespace Dlt.Aws;

/// <summary>
/// Compares the clock of this machine with that of AWS. AWS refuses signatures that are more than 15 minutes off (AWS, "SigV4").
/// </summary>
internal sealed class ClockCheck() : DoctorCheck("clock")
{
    private static readonly TimeSpan Refused = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Suspicious = TimeSpan.FromMinutes(1);

    protected override Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Compare(context.ClockOffset));

    private CheckResult Compare(TimeSpan? offset)
    {
        if (offset is not { } difference) return Warning("No service of AWS said what time it is, so the clock was not checked.");
        var amount = string.Create(
            CultureInfo.InvariantCulture,
            $"{difference.Duration().TotalSeconds:0} s {(difference < TimeSpan.Zero ? "behind" : "ahead of")} that of AWS");
        if (difference.Duration() < Suspicious) return Ok($"at most a minute from that of AWS");
        var said = $"The clock of this machine is {amount}. Set it, for example with NTP";
        return difference.Duration() < Refused ? Warning(said + ".") : Failed(said + "; AWS refuses signatures that are 15 minutes off.");
    }
}
