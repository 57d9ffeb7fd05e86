using System.Globalization;

namespace Dlt.Retries;

/// <summary>Waits between attempts, and reports long waits, so that nobody takes the program for hung.</summary>
/// <param name="time">The clock.</param>
/// <param name="say">Receives one line for the user per wait of more than two seconds.</param>
public sealed class RetryWaits(TimeProvider time, Action<string> say)
{
    /// <summary>Longer waits are reported.</summary>
    internal static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>Waits by the system's clock and reports nothing.</summary>
    public static RetryWaits Silent { get; } = new(TimeProvider.System, _ => { });

    /// <summary>The clock of the waits.</summary>
    public TimeProvider Time => time;

    /// <summary>Passes a line to the user.</summary>
    internal void Say(string line) => say(line);

    /// <summary>Waits before the next attempt, and reports the wait when it is longer than two seconds.</summary>
    /// <param name="failure">What failed, where and why, without a full stop: <c>GetTable of table 'a.b' at http://x: Connection
    /// refused</c>.</param>
    /// <param name="attempt">The attempt that failed, 1 for the first.</param>
    /// <param name="attempts">Number of attempts; <see cref="int.MaxValue"/> where only time limits them.</param>
    /// <param name="wait">The time to wait.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
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
