using System.Reflection;

namespace DoSnapshot.Cli.Arguments;

/// <summary>What the command says about itself.</summary>
internal static class Usage
{
    /// <summary>The command's name, as messages begin.</summary>
    public const string Program = "do-snapshot";

    /// <summary>The answer to <c>--help</c>.</summary>
    public const string Help = """
        usage: do-snapshot [-h] [-t TAG] [-p PREFIX] [-r REGION] -s AGE
                           [-k INTERVAL:AGE] [--dryrun] [--token TOKEN]
                           [--simulate INTERVAL:DURATION] [--syslog] [-v]
                           [--version] [--timing elapsed|anchored] [--at HH:MM]
                           [--wait] [--brake] [--store CONNECTION | --data DIR]
                           [--api-url URL] [--allow-plain-http]
                           [--from TIME] [--lag LAG] [--chart] [--json]
               do-snapshot demo|lint|retention|serve|doctor [-h] ...
               do-snapshot status|history|explain|forecast|audit|what-if [-h] ...
               do-snapshot snapshot|transfer|expire|pin|unpin|pause|resume|plan [-h] ...
               do-snapshot retry|release-brake|failed-messages|rebuild|schema [-h] ...

        Takes snapshots of tagged DigitalOcean droplets, transfers them to other
        regions, and deletes old ones by stacked rules. One pass, then it ends: run it
        from cron. Takes do-snapshot.py's options and does what they say.

        options:
          -h, --help            show this help message and exit
          -t TAG, --tag TAG     snapshots droplets with the given tag (default:
                                autosnapshot)
          -p PREFIX, --prefix PREFIX
                                prefix for snapshot names; $droplet and $tag are
                                replaced (default: $droplet-autosnapshot-)
          -r REGION, --region REGION
                                transfer snapshots to this additional region (supports
                                multiple -r)
          -s AGE, --snapshot AGE
                                take a snapshot if the last one is at least AGE old
                                (suffix m=months, w=weeks, d=days, h=hours)
          -k INTERVAL:AGE, --keep INTERVAL:AGE
                                keeps one snapshot per INTERVAL if older than AGE,
                                deleting others (supports multiple -k to build a
                                retention policy)
          --dryrun              don't actually take or delete or transfer any
                                snapshots
          --token TOKEN         API token or path to file containing the token (also
                                possible to pass via DO_TOKEN env var)
          --simulate INTERVAL:DURATION
                                test a retention policy (multiple -k) by runs of the
                                tool every INTERVAL for DURATION time
          --syslog              log to syslog instead of stderr
          -v, --verbose         say why each snapshot is kept
          --version             show the version and exit

        options that do-snapshot.py does not have:
          --timing elapsed|anchored
                                elapsed: due when the last snapshot is AGE old, as
                                do-snapshot.py does it; anchored: due at fixed moments,
                                AGE apart, so that a daily snapshot does not drift
                                (default: elapsed)
          --at HH:MM            the time of day, UTC, of anchored timing (default:
                                03:00; of a simulation, that of its first run)
          --wait                stay until what was started is complete, and transfer it
          --brake               delete nothing of a droplet of which more than half and
                                more than 3 snapshots would go, nor of all if more than
                                half and more than 10 would: within a day where a log
                                is kept, else in one run
          --store CONNECTION    keep the log in this PostgreSQL (also possible to pass
                                via DO_SNAPSHOT_STORE env var, which hides a password);
                                where a planner leads on it, have it decide now
          --data DIR            keep the log in this directory, with a PostgreSQL that
                                runs while the command does
          --api-url URL         where the API is, for instance a sandbox (also possible
                                to pass via DIGITALOCEAN_API_URL env var)
          --allow-plain-http    allow an http:// address that is not on this machine:
                                for a sandbox, never with a real token

          --from TIME           the first run of a simulation (default: now)
          --lag LAG             how long after its run a simulated snapshot is created,
                                such as 5s (default: 0s)
          --chart               draw when simulated snapshots exist, rule by rule
          --json                the simulation for programs, instead of the table

        commands:
          demo                  everything at work on a practice account
          lint                  what a retention policy will really do, and what is
                                wrong with it
          retention             what a policy would do to a list of snapshots, or to
                                the account's, and why; changes nothing
          serve                 planner and workers in one process, until it is told to
                                stop
          status                how each droplet stands, by what the log knows
          history               what happened to a snapshot, a droplet or a plan
          explain               why a snapshot is there, is kept or was removed
          forecast              what goes next, when, why and in favour of what, and
                                what is stored and costs from day to day
          audit                 replays the log and decides every removal again
          what-if               what another policy would have made of the history
          rebuild               what is kept beside the log, compared with it and
                                made anew where it says something else
          schema                makes the log's tables, or brings them up to date
          snapshot, transfer, expire
                                by hand: take one of a droplet, copy it to another
                                region, remove it
          pin, unpin            keep a snapshot whatever the rules say, or no longer
          pause, resume         a plan or a droplet
          retry                 what waits for a later moment is tried at once
          plan                  another policy for a plan, as its next version
          release-brake         what the brake holds back in a log, and let it go
          failed-messages       what no worker could handle, and back with it
          doctor                looks at everything that an installation needs, and
                                says what is wrong and what to do; changes nothing

        Exit codes: 0 done, 1 something failed at DigitalOcean, 2 wrong usage.

        """;

    /// <summary>The answer to <c>--version</c>.</summary>
    public static string Version()
    {
        var version = typeof(Usage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        return $"{Program} {version.Split('+')[0]}";
    }
}
