using System.ComponentModel;
using System.Globalization;

namespace Dlt.Internal;

/// <summary>Waits between attempts and reports long waits to the user.</summary>
/// <param name="time">Clock that measures the waits.</param>
/// <param name="say">Receives one line for the user per wait of more than two seconds.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RetryWaits(TimeProvider time, Action<string> say)
{
    /// <summary>Minimum wait that is reported.</summary>
    public static TimeSpan Silence { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Waits by the system clock and reports nothing.</summary>
    public static RetryWaits Silent { get; } = new(TimeProvider.System, _ => { });

    /// <summary>Clock that measures the waits.</summary>
    public TimeProvider Time => time;

    /// <summary>
    /// Receives each wait, also a short one, with its line and time, in place of the receiver of lines; null for none.
    /// </summary>
    public Action<string, TimeSpan>? Waiting { get; init; }

    /// <summary>Reports a line to the user.</summary>
    internal void Say(string line) => say(line);

    /// <summary>Waits before the next attempt. Reports the wait when it exceeds two seconds, or to <see cref="Waiting"/>.</summary>
    /// <param name="failure">Failed operation, its address and the cause, without a full stop: <c>GetTable of table 'a.b' at http://x:
    /// Connection refused</c>.</param>
    /// <param name="attempt">Number of the failed attempt, 1 for the first.</param>
    /// <param name="attempts">Maximum number of attempts; <see cref="int.MaxValue"/> when only time limits them.</param>
    /// <param name="wait">Time to wait.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task WaitAsync(string failure, int attempt, int attempts, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (Waiting is not null || wait > Silence)
        {
            var all = attempts == int.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $" of {attempts}");
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{failure.TrimEnd('.')}. That was attempt {attempt}{all}; the next one follows in {wait.TotalSeconds:0} s.");
            if (Waiting is not null) Waiting(line, wait);
            else say(line);
        }

        await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits before a check that follows the wait, the last one included. Reports the wait when it exceeds two seconds.</summary>
    /// <param name="story">What happened and what is checked, without a full stop: <c>The answer was lost, so the table is read
    /// again</c>.</param>
    /// <param name="check">Number of the check that follows, 1 for the first.</param>
    /// <param name="checks">Maximum number of checks.</param>
    /// <param name="wait">Time to wait.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task WaitForCheckAsync(string story, int check, int checks, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait > Silence)
        {
            say(string.Create(
                CultureInfo.InvariantCulture, $"{story.TrimEnd('.')} in {wait.TotalSeconds:0} s (check {check} of {checks})."));
        }

        await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
    }
}
