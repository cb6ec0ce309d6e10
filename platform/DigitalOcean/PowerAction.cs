namespace DoSnapshot.DigitalOcean;

/// <summary>What can be done to a droplet's power.</summary>
public enum PowerAction
{
    /// <summary><c>shutdown</c>: its system is asked to shut down, and may take no notice.</summary>
    Shutdown = 0,

    /// <summary><c>power_off</c>: its power is cut.</summary>
    PowerOff = 1,

    /// <summary><c>power_on</c>.</summary>
    PowerOn = 2,
}
