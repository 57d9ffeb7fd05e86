using System.Globalization;

namespace Dlt.Retries;

/// <summary>Waits between attempts, and says so when a wait is long: a user who sees nothing thinks that the program hangs.</summary>
/// <param name="time">The clock.</param>
/// <param name="say">Gets a line for the user: the warnings of a run, which go to standard error, also with <c>--quiet</c>.</param>
public sealed class RetryWaits(TimeProvider time, Action<string> say)
{
    /// <summary>A longer wait is said.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>Waits that nobody hears of.</summary>
    public static RetryWaits Silent { get; } = new(TimeProvider.System, _ => { });

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Gets a line for the user.</summary>
    public void Say(string line) => say(line);

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="failure">What failed, where and why, without a full stop: <c>GetTable of table 'a.b' at http://x: Connection
    /// refused</c>.</param>
    /// <param name="attempt">The attempt that failed, 1 for the first.</param>
    /// <param name="attempts">Attempts in all; <see cref="int.MaxValue"/> where only time limits them.</param>
    /// <param name="wait">How long.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task WaitAsync(string failure, int attempt, int attempts, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait > Silence)
        {
            var all = attempts == int.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $" of {attempts}");
            say(string.Create(
                CultureInfo.InvariantCulture,
                    $"{failure.TrimEnd('.')}. That was attempt {attempt}{all}; the next one follows in {wait.TotalSeconds:0} s."));
        }

        await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
    }
}
