using System.Globalization;

namespace Dlt.Packages;

/// <summary>
/// Makes the load ids of a run. The state and schema with the highest load id are the newest ones, so each new id is higher than all
/// committed ones, even when the clock is behind.
/// </summary>
/// <param name="time">Clock that ids are made from.</param>
/// <param name="next">Makes ids in tests; null to use the clock.</param>
/// <param name="warn">Receives a warning when the clock is behind.</param>
internal sealed class LoadIdSource(TimeProvider time, Func<string>? next, Action<string> warn)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private string? _highest;
    private bool _isWarned;

    /// <summary>Makes all further ids higher than a committed one.</summary>
    /// <param name="committed">Highest load id of a dataset; null when it has no loads.</param>
    public void StayAbove(string? committed)
    {
        if (committed is null || !LoadId.IsTime(committed)
            || (_highest is not null && LoadIdOrder.Instance.Compare(committed, _highest) <= 0)) return;
        _highest = committed;
        var behind = LoadId.ToTime(committed) - time.GetUtcNow();
        if (behind <= Tolerance || _isWarned) return;
        _isWarned = true;
        warn(string.Create(
            CultureInfo.InvariantCulture,
            $"The clock of this machine is {LoadInfo.Duration(behind)} behind the newest load of the dataset, {committed}. Load ids "
            + $"continue after that one. Set the clock."));
    }

    public string Next()
    {
        var id = next?.Invoke() ?? LoadId.Next(time);
        if (_highest is not null) id = LoadId.Above(id, _highest);
        if (_highest is not null) _highest = id;
        return id;
    }
}
