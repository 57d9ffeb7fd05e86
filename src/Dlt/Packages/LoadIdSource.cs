using System.Globalization;

namespace Dlt.Packages;

/// <summary>
/// Makes the load ids of a run. The state and the schema with the highest load id are the newest ones, so an id is above all that are
/// committed, whatever the clock says.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="next">Makes ids in tests; null for the clock.</param>
/// <param name="warn">Gets a warning when the clock is behind.</param>
internal sealed class LoadIdSource(TimeProvider time, Func<string>? next, Action<string> warn)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private string? _highest;
    private bool _isWarned;

    /// <summary>Ids are above this one from now on.</summary>
    /// <param name="committed">Highest load id of a dataset; null when it has no load.</param>
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
