namespace Dlt.Configuration;

/// <summary>Collects missing settings and placeholders of several records, so one run reports all of them.</summary>
internal sealed class SettingProblems(DltConfiguration configuration)
{
    private readonly List<MissingSetting> _missing = [];
    private readonly List<Placeholder> _left = [];
    private bool _isOfDestination;

    public void Add(MissingSetting missing) => _missing.Add(missing);

    /// <param name="placeholder">The remaining placeholder.</param>
    /// <param name="isOfDestination">True when a local account does not need the setting.</param>
    public void Add(Placeholder placeholder, bool isOfDestination)
    {
        if (!_left.Contains(placeholder)) _left.Add(placeholder);   // two records may find the same value
        _isOfDestination |= isOfDestination;
    }

    /// <param name="hints">Sentences that may explain why settings are missing, such as misspelt sections.</param>
    /// <exception cref="ConfigurationException">Placeholders remain or settings are missing. The message lists all of one kind.</exception>
    public void Check(IReadOnlyList<string>? hints = null)
    {
        if (_left.Count > 0) throw Placeholders.Error(_left, _isOfDestination);
        if (_missing.Count > 0) throw new MissingSettings(configuration, _missing).Error(hints ?? []);
    }
}
